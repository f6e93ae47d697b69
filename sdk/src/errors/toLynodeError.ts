import {
  type Abi,
  BaseError,
  decodeErrorResult,
  type Hex,
  HttpRequestError,
  InsufficientFundsError,
  RpcRequestError,
  TimeoutError,
  WebSocketRequestError,
} from 'viem'
import type { ErrorCode } from './catalogue.js'
import { contractErrors } from './contractErrors.js'
import { LynodeError } from './lynodeError.js'
import { protocolErrors } from './protocolErrors.js'

/**
 * Turns whatever a call on the chain threw into a {@link LynodeError}.
 *
 * Revert data is decoded by the ABI of all the protocol's contracts, because
 * the contract that was called passes on the errors of those behind it.
 *
 * @param error - What was thrown.
 * @param abi - Of the contract that was called, if it is one whose errors are not
 * among those of {@link protocolErrors}.
 * @returns The LynodeError that it is, or that is among its causes.
 * @example
 * toLynodeError(new Error('boom')).code // 'LY-INT-001'
 */
export function toLynodeError(error: unknown, abi: Abi = []): LynodeError {
  // A signer of ours may be behind what viem threw.
  for (let at = error; at !== undefined; at = causeOf(at))
    if (at instanceof LynodeError) return at
  const data = revertData(error)
  if (data !== undefined) return fromRevert(data, error, abi)
  const code =
    error instanceof BaseError ? codeOfTransport(error) : 'LY-INT-001'
  return new LynodeError(code, { details: messageOf(error), cause: error })
}

function fromRevert(data: Hex, cause: unknown, called: Abi): LynodeError {
  try {
    const { errorName, args, abiItem } = decodeErrorResult({
      abi: [...protocolErrors, ...called],
      data,
    })
    const inputs = 'inputs' in abiItem ? abiItem.inputs : []
    const values = (args ?? []) as readonly unknown[]
    const list = values.map(
      (value, index) => `${inputs[index]?.name || index}: ${String(value)}`,
    )
    const code = contractErrors[errorName]
    return new LynodeError(code ?? 'LY-TX-002', {
      details: `${errorName}(${list.join(', ')})`,
      cause,
    })
  } catch {
    // Not an error of the protocol: the raw data is all there is to say.
    return new LynodeError('LY-TX-002', {
      details: data === '0x' ? messageOf(cause) : `revert data ${data}`,
      cause,
    })
  }
}

/** The bytes that a contract reverted with; undefined if none did. */
function revertData(error: unknown): Hex | undefined {
  let reverted = false
  for (let at: unknown = error; at !== undefined; at = causeOf(at)) {
    // viem keeps the bytes as `raw` on the decoded error and as `data` on the
    // node's own answer, which may nest them.
    const { raw, data, name, code } = at as Record<string, unknown>
    for (const found of [raw, data, (data as { data?: unknown } | null)?.data])
      if (isHex(found)) return found
    if (name === 'ContractFunctionRevertedError' || code === 3) reverted = true
  }
  return reverted ? '0x' : undefined
}

function codeOfTransport(error: BaseError): ErrorCode {
  if (error.walk((one) => one instanceof InsufficientFundsError))
    return 'LY-TX-004'
  const unreachable = error.walk(
    (one) =>
      one instanceof HttpRequestError ||
      one instanceof TimeoutError ||
      one instanceof WebSocketRequestError,
  )
  if (unreachable) return 'LY-TX-001'
  return error.walk((one) => one instanceof RpcRequestError)
    ? 'LY-TX-005'
    : 'LY-INT-001'
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

function messageOf(error: unknown): string {
  if (error instanceof BaseError)
    return [error.shortMessage, error.details].filter(Boolean).join(' ')
  return error instanceof Error ? error.message : String(error)
}

function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value)
}
