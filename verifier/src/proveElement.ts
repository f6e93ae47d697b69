import { randomBytes } from 'node:crypto'
import { type Daemon, nodeSha256, TransactionError } from '@lynode/runtime'
import {
  bytesToHex,
  commitProof,
  type ExecutionRoots,
  type FraudProof,
  fraudVerifierAbi,
  getJob,
  type Hex,
  type Order,
  orderId,
  proofCommitment,
  proveByWitness,
  proveFraud,
  verifyFraudProof,
  verifyWitnessProof,
  type WitnessClaim,
  witnessVerifierAbi,
} from '@lynode/sdk'
import { size, type TransactionReceipt } from 'viem'
import type { CheckTable } from './checkTable.js'
import { pause, refused } from './demands.js'
import { ExecutionOver } from './outcome.js'

export type ProveElementOptions = {
  daemon: Daemon
  table: CheckTable
  execId: Hex
  order: Order
}

/** A proof to be sent, with what it says of a witness if it is one by witness (A8). */
export type Reveal = { proof: FraudProof; claim?: WitnessClaim | undefined }

/** A conviction, as the reveal showed it. */
export type Conviction = {
  receipt: TransactionReceipt
  proof: FraudProof
  /** Bytes of the reveal's calldata. */
  proofBytes: number
}

/**
 * Whether the contract will convict: first by the twin on this machine, then by
 * a call. A proof that the two judge differently is never sent.
 */
export async function willConvict(
  daemon: Daemon,
  roots: ExecutionRoots,
  checkerVersion: number,
  { proof, claim }: Reveal,
): Promise<boolean> {
  const { client, contracts } = daemon
  const options = { sha256: nodeSha256 }
  const own =
    claim === undefined
      ? verifyFraudProof(roots, proof, options)
      : verifyWitnessProof(roots, claim, proof, options)
  const [claimed, honest, fraud] =
    claim === undefined
      ? await client.readContract({
          address: contracts.fraudVerifier,
          abi: fraudVerifierAbi,
          functionName: 'judge',
          args: [roots, checkerVersion, proof],
        })
      : await client.readContract({
          address: contracts.witnessVerifier,
          abi: witnessVerifierAbi,
          functionName: 'judgeWitness',
          args: [roots, checkerVersion, claim, proof],
        })
  if (fraud !== own.fraud || claimed !== own.claimed)
    daemon.logger.error(
      {
        event: 'twin.differs',
        node: proof.node,
        element: proof.element,
        own: { ...own.honest, fraud: own.fraud },
        chain: { ...honest, fraud },
      },
      'the contract and its twin judge an element differently',
    )
  return fraud && own.fraud
}

/**
 * Commits to the proof and reveals it in a later block (A6). Salt and proof are
 * stored first, so that a restart between the two goes on with the reveal.
 */
export async function proveElement(
  options: ProveElementOptions,
  shown: Reveal,
): Promise<Conviction> {
  const { table, execId } = options
  const stored = table.proofOf(execId)
  const text = encodeReveal(shown)
  const salt =
    stored?.proof === text ? stored.salt : bytesToHex(randomBytes(32))
  table.saveProof(execId, salt, text)
  return reveal(options, shown, salt)
}

/** Goes on with a proof that an earlier process stored; `undefined` without one. */
export async function resumeProof(
  options: ProveElementOptions,
): Promise<Conviction | undefined> {
  const stored = options.table.proofOf(options.execId)
  return stored && reveal(options, decodeReveal(stored.proof), stored.salt)
}

async function reveal(
  options: ProveElementOptions,
  { proof, claim }: Reveal,
  salt: Hex,
): Promise<Conviction> {
  const { daemon, execId, order } = options
  const { outbox, contracts, config, client } = daemon
  const hash = proofCommitment({
    chainId: config.addressBook.chainId,
    execId,
    prover: daemon.account.address,
    proof,
    salt,
  })
  const call =
    claim === undefined
      ? proveFraud.transaction(contracts, { order, proof, salt })
      : proveByWitness.transaction(contracts, { order, claim, proof, salt })
  try {
    const committed = await outbox.send({
      key: `commit:${hash}`,
      kind: 'commitProof',
      atStakeWei: order.collateral,
      ...commitProof.transaction(contracts, { order, hash }),
    })
    // A reveal needs a later block than its commit.
    while ((await client.getBlockNumber()) <= committed.blockNumber)
      await pause(daemon)
    const receipt = await outbox.send({
      key: `prove:${hash}`,
      kind: claim === undefined ? 'proveFraud' : 'proveByWitness',
      atStakeWei: order.collateral,
      ...call,
    })
    return { receipt, proof, proofBytes: size(call.data) }
  } catch (error) {
    if (refused(error, 'Disputes_Closed', 'Disputes_RevealClosed'))
      throw new ExecutionOver('closed')
    // A node that is late may know neither the delivery nor the commit yet, and
    // to believe it would let a cheat go: the job itself has to be over.
    if (refused(error, 'Disputes_NotDisputable', 'Disputes_NoCommit')) {
      const { chainId } = config.addressBook
      const { jobMarket } = contracts
      const jobId = orderId({ chainId, jobMarket, order })
      const { status } = await getJob(client, { jobId })
      if (status !== 'delivered' && status !== 'locked')
        throw new ExecutionOver('closed')
    }
    if (error instanceof TransactionError)
      daemon.logger.error(
        { event: 'proof.refused', execId, reason: error.reason?.name },
        error.message,
      )
    throw error
  }
}

/** The proof's own fields, and `claim` where there is one. */
function encodeReveal({ proof, claim }: Reveal): string {
  return JSON.stringify({ ...proof, claim }, (_, value: unknown) =>
    typeof value === 'bigint' ? { bigint: String(value) } : value,
  )
}

function decodeReveal(text: string): Reveal {
  const { claim, ...proof } = JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'bigint' in value
      ? BigInt(String(value.bigint))
      : value,
  ) as FraudProof & { claim?: WitnessClaim }
  return { proof, claim }
}
