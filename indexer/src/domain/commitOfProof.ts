import { disputesAbi } from '@lynode/sdk'
import {
  type AbiParameter,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  isAddressEqual,
  isHex,
  keccak256,
  toFunctionSelector,
} from 'viem'
import type { DomainEvent } from './event.js'

/** Inputs of the functions that take a proof, by selector. */
const proofs = new Map<string, readonly AbiParameter[]>(
  disputesAbi.flatMap((item) =>
    item.type === 'function' && item.inputs.some(({ name }) => name === 'proof')
      ? [[toFunctionSelector(item), item.inputs] as const]
      : [],
  ),
)
const words = (...types: string[]) => types.map((type) => ({ type }))

/**
 * The commit that a proof of fraud reveals, which no event names: it is the hash
 * of proof and salt in the calldata.
 *
 * @returns `undefined` for a proof through another contract.
 */
export function commitOfProof({
  chainId,
  address,
  transaction: { to, input },
  args: { execId, prover },
}: Pick<
  DomainEvent<{ execId: Hex; prover: Hex }>,
  'chainId' | 'address' | 'transaction' | 'args'
>): Hex | undefined {
  if (to === null || !isAddressEqual(to, address)) return undefined
  const inputs = proofs.get(input.slice(0, 10).toLowerCase())
  if (inputs === undefined) return undefined
  const place = (name: string) => inputs.findIndex((one) => one.name === name)
  try {
    const given: readonly unknown[] = decodeAbiParameters(
      inputs,
      `0x${input.slice(10)}`,
    )
    const type = inputs[place('proof')]
    const salt = given[place('salt')]
    if (type === undefined || !isHex(salt)) return undefined
    const proofHash = keccak256(
      encodeAbiParameters([type], [given[place('proof')]]),
    )
    const hash = keccak256(
      encodeAbiParameters(
        words('uint256', 'bytes32', 'address', 'bytes32', 'bytes32'),
        [BigInt(chainId), execId, prover, proofHash, salt],
      ),
    )
    return keccak256(
      encodeAbiParameters(words('bytes32', 'address', 'bytes32'), [
        ...[execId, prover, hash],
      ]),
    )
  } catch {
    // Calldata that the contract took and the ABI does not know: nothing is said of the commit.
    return undefined
  }
}
