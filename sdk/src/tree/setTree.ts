import { concat, encodeAbiParameters, type Hex, keccak256 } from 'viem'

/**
 * Root and proofs of a set that a signature names by its root: allowed
 * providers, models of an offer (docs/protocol.md section 4). OpenZeppelin's
 * tree: keccak256, sorted pairs, leaves hashed twice. A set of one has its leaf
 * as root and an empty proof.
 *
 * @param members - 32-byte words, each once.
 * @example
 * const { root, proofOf } = setTree([modelId, otherModelId])
 */
export function setTree(members: readonly Hex[]): {
  root: Hex
  proofOf: (member: Hex) => Hex[]
} {
  return pairTree(members, members.map(setLeaf))
}

/**
 * As `setTree`, of provider ids: what an order's `allowedRoot` names.
 *
 * @example
 * const order = { ...draft, allowedRoot: providerSet([7]).root }
 */
export function providerSet(providerIds: readonly number[]): {
  root: Hex
  proofOf: (providerId: number) => Hex[]
} {
  const { root, proofOf } = setTree(providerIds.map(providerWord))
  return { root, proofOf: (id) => proofOf(providerWord(id)) }
}

/**
 * As `setTree`, over words that are hashes already: the job ids of a batch.
 *
 * @example
 * const { root, proofOf } = batchTree([jobId])
 */
export function batchTree(jobIds: readonly Hex[]): {
  root: Hex
  proofOf: (jobId: Hex) => Hex[]
} {
  return pairTree(jobIds, jobIds)
}

/**
 * The root that sorted pairs lead to from a leaf, as it is.
 *
 * @example
 * const { root, proofOf } = setTree([modelId, otherModelId])
 * const path = proofOf(modelId)
 */
export function rootOfPath(leaf: Hex, path: readonly Hex[]): Hex {
  return path.reduce(pairHash, leaf)
}

function pairHash(a: Hex, b: Hex): Hex {
  return keccak256(concat([a, b].sort()))
}

function providerWord(providerId: number): Hex {
  return encodeAbiParameters([{ type: 'uint32' }], [providerId])
}

function setLeaf(member: Hex): Hex {
  return keccak256(keccak256(member))
}

function pairTree(members: readonly Hex[], leaves: readonly Hex[]) {
  const levels: Hex[][] = [[...leaves]]
  for (let level = levels[0] ?? []; level.length > 1; ) {
    level = joinPairs(level)
    levels.push(level)
  }
  const root = levels.at(-1)?.[0]
  if (root === undefined) throw new RangeError('A set has a member.')
  return {
    root,
    proofOf(member: Hex): Hex[] {
      let index = members.indexOf(member)
      if (index < 0) throw new RangeError(`${member} is not in the set.`)
      const proof: Hex[] = []
      for (const level of levels.slice(0, -1)) {
        const sibling = level[index ^ 1]
        if (sibling !== undefined) proof.push(sibling)
        index >>= 1
      }
      return proof
    },
  }
}

/** An odd last node moves up as it is. */
function joinPairs(level: readonly Hex[]): Hex[] {
  const next: Hex[] = []
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = level.slice(i, i + 2) as [Hex, Hex | undefined]
    next.push(right === undefined ? left : pairHash(left, right))
  }
  return next
}
