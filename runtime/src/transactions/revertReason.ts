import { type Abi, BaseError, decodeErrorResult, type Hex, isHex } from 'viem'

/** Why the chain refused a call. */
export type RevertReason = {
  /** Error name such as `JobMarket_WrongStatus`; `Error` for a plain message. */
  name: string
  args: readonly unknown[]
}

/**
 * The custom error behind a failed call, decoded with `abi`; `undefined` when
 * the call failed for another reason than a revert, such as a lost connection.
 */
export function revertReason(
  error: unknown,
  abi: Abi,
): RevertReason | undefined {
  const data = revertData(error)
  if (data === undefined) {
    const reverted =
      error instanceof BaseError &&
      error.walk(
        (cause) =>
          cause instanceof Error &&
          (cause.name === 'ExecutionRevertedError' ||
            /execution reverted/i.test(cause.message)),
      ) !== null
    return reverted ? { name: 'Reverted', args: [] } : undefined
  }
  try {
    const { errorName, args } = decodeErrorResult({ abi, data })
    return { name: errorName, args: args ?? [] }
  } catch {
    return { name: `Unknown(${data.slice(0, 10)})`, args: [] } // not one of ours
  }
}

function revertData(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined
  let data: Hex | undefined
  error.walk((cause) => {
    const found = dataOf(cause)
    if (found !== undefined) data = found
    return false
  })
  return data
}

function dataOf(cause: unknown): Hex | undefined {
  if (typeof cause !== 'object' || cause === null || !('data' in cause))
    return undefined
  const { data } = cause
  if (isHex(data) && data.length >= 10) return data
  return dataOf(data)
}
