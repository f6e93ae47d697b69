import { attempt, type Daemon } from '@lynode/runtime'
import {
  buildOutputAnswer,
  callbackJob,
  callbacksAbi,
  currencyCodes,
  type Job,
  type Order,
  parametersAbi,
  parseResultDocument,
  type ResultDocument,
} from '@lynode/sdk'
import { stringToHex, zeroAddress } from 'viem'
import type { JobRow } from './jobTable.js'
import { lynValue } from './lynValue.js'
import { maxOutputBytes, readOutputs } from './readOutputs.js'

/** Most gas that a call is made with: a transaction has 16,777,216 (EIP-7825). */
const maxGas = 15_000_000n

/** Gas of a call beside the consumer's: the order, hashing the outputs, the fee. */
const baseGas = 200_000n
const gasOfByte = 40n

/**
 * After a settlement: brings the outputs of the last step to the contract that
 * the order names, for the order's `callbackFee` (D9). A fee below what the gas
 * is worth leaves it to others, and so do outputs that no call carries.
 */
export async function callConsumer(
  daemon: Daemon,
  { jobId, order, resultRoot, attempt: run }: JobRow,
  job: Job,
): Promise<void> {
  const { client, contracts, documents, reader, logger } = daemon
  if (order.callback === zeroAddress) return
  // Nothing of ours to show: the job came to us with the disk of another.
  if (resultRoot === undefined || run !== job.attempt) return
  const done = await client.readContract({
    address: contracts.callbacks,
    abi: callbacksAbi,
    functionName: 'isDone',
    args: [jobId],
  })
  if (done) return

  const result = parseResultDocument(await documents.get(resultRoot))
  const last = result.steps.length - 1
  const tensors = result.steps[last]?.outputs ?? []
  const sizes = await Promise.all(
    tensors.map(({ dataRoot }) => reader.sizeOf(dataRoot)),
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const gas =
    (BigInt(order.callbackGas) * 64n) / 63n +
    baseGas +
    BigInt(bytes) * gasOfByte
  const reason =
    uncallable(result, bytes, gas) ?? (await unpaid(daemon, order, gas))
  if (reason !== undefined) {
    logger.info(
      { event: 'callback.left', jobId, reason },
      'the consumer is left to others',
    )
    return
  }
  const outputs = await readOutputs(
    daemon,
    tensors.map((tensor) => ({ tensor, carried: false })),
  )
  const { carriedRoot, path } = buildOutputAnswer(result, last)
  const sent = await attempt(daemon, {
    key: `callback:${jobId}`,
    kind: 'callback',
    ...callbackJob.transaction(contracts, {
      order,
      outputs,
      carriedRoot,
      path,
    }),
  })
  if (sent)
    logger.info({ event: 'job.calledBack', jobId }, 'brought to its consumer')
}

/** Why no transaction carries a call; `undefined` if one does. */
function uncallable(
  { segment }: ResultDocument,
  bytes: number,
  gas: bigint,
): string | undefined {
  if (bytes > maxOutputBytes)
    return `${bytes} bytes of outputs, at most ${maxOutputBytes} travel`
  // The contract knows trees of one step a segment.
  if (segment > 1) return 'its segments have more than one step'
  return gas > maxGas ? `${gas} gas, at most ${maxGas}` : undefined
}

/** Why a fee does not pay for the gas of a call; `undefined` if it does. */
async function unpaid(
  { client, contracts }: Daemon,
  { payToken, callbackFee }: Order,
  gas: bigint,
): Promise<string | undefined> {
  const { value: lynPerGas } = await client.readContract({
    address: contracts.parameters,
    abi: parametersAbi,
    functionName: 'parameterOf',
    args: [stringToHex('lynPerGas', { size: 32 })],
  })
  // Whatever the currency of the price is, fees are in the token (Order.sol).
  const fee = await lynValue(
    client,
    { payToken, currency: currencyCodes.token },
    callbackFee,
  )
  const cost = gas * lynPerGas
  return fee < cost
    ? `its fee is worth ${fee} wei of LYN, the gas ${cost}`
    : undefined
}
