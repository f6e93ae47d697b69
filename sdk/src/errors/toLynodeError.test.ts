import {
  BaseError,
  encodeErrorResult,
  getContractError,
  HttpRequestError,
  RawContractError,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { contractErrors } from './contractErrors.js'
import { LynodeError } from './lynodeError.js'
import { protocolErrors } from './protocolErrors.js'
import { toLynodeError } from './toLynodeError.js'

const market = '0x0000000000000000000000000000000000000001'

describe('contract errors', () => {
  test('default: a revert of the contract that was called', () => {
    const error = toLynodeError(
      revert(
        encodeErrorResult({
          abi: jobMarketAbi,
          errorName: 'JobMarket_NonceUsed',
          args: [market, 7n],
        }),
      ),
    )
    expect(error).toMatchObject({
      code: 'LY-MKT-004',
      details: `JobMarket_NonceUsed(requester: ${market}, nonce: 7)`,
    })
  })

  test('behavior: a revert that came through from another contract', () => {
    const error = toLynodeError(
      revert(
        encodeErrorResult({
          abi: ledgerAbi,
          errorName: 'Ledger_InsufficientCommitted',
          args: [market, market, 5n, 0n],
        }),
      ),
    )
    expect(error.code).toBe('LY-LED-002')
  })

  test('behavior: a revert of a contract that buyers do not call', () => {
    const data = encodeErrorResult({
      abi: auditManagerAbi,
      errorName: 'AuditManager_NoSeed',
      args: [7],
    })
    expect(toLynodeError(revert(data), auditManagerAbi)).toMatchObject({
      code: 'LY-AUD-001',
      details: 'AuditManager_NoSeed(epoch: 7)',
    })
  })

  test('behavior: revert data of nobody keeps its bytes', () => {
    const error = toLynodeError(revert('0xdeadbeef'))
    expect(error).toMatchObject({
      code: 'LY-TX-002',
      details: 'revert data 0xdeadbeef',
    })
  })

  test('behavior: every error of the contracts has a code', () => {
    const missing = protocolErrors.flatMap((item) =>
      item.type === 'error' && !(item.name in contractErrors)
        ? [item.name]
        : [],
    )
    expect(missing).toEqual([])
  })
})

test('behavior: an endpoint that does not answer can be tried again', () => {
  const error = toLynodeError(new HttpRequestError({ url: 'http://x' }))
  expect(error).toMatchObject({ code: 'LY-TX-001', retryable: true })
})

test('behavior: an error of a signer behind what viem threw', () => {
  const cause = new LynodeError('LY-KEY-002')
  const wrapped = new BaseError('failed', { cause: new Error('x', { cause }) })
  expect(toLynodeError(wrapped)).toBe(cause)
})

test('behavior: leaves its own errors alone', () => {
  const error = new LynodeError('LY-NET-001')
  expect(toLynodeError(error)).toBe(error)
})

test('error: something that is no error', () => {
  expect(toLynodeError('boom')).toMatchObject({
    code: 'LY-INT-001',
    details: 'boom',
  })
})

function revert(data: `0x${string}`) {
  return getContractError(new RawContractError({ data }), {
    abi: jobMarketAbi,
    functionName: 'lock',
    args: [],
  })
}
