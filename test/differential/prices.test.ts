import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  appraise,
  maxExposure,
  orderTotal,
  priceOf,
  splitPrice,
} from '@lynode/sdk'
import { decodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import { expect, test } from 'vitest'

// Written by test/differential/Prices.t.sol: what the contracts say.
const path = new URL('../../snapshots/prices.json', import.meta.url)
const vectors: Record<string, Hex> = JSON.parse(
  readFileSync(fileURLToPath(path), 'utf8'),
)

/** Rows of a table of `width` columns. */
function rowsOf(name: string, width: number): bigint[][] {
  const encoded = vectors[name]
  if (encoded === undefined) throw new Error(`no table ${name}`)
  const [flat] = decodeAbiParameters(parseAbiParameters('uint256[]'), encoded)
  return Array.from({ length: flat.length / width }, (_, row) =>
    flat.slice(row * width, (row + 1) * width),
  )
}

test('behavior: a ramp has the price that the market says', () => {
  const rows = rowsOf('ramps', 6) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ][]
  expect(rows.length).toBe(48)
  for (const [minPrice, maxPrice, start, duration, at, price] of rows)
    expect(
      priceOf(
        {
          minPrice,
          maxPrice,
          rampStart: Number(start),
          rampDuration: Number(duration),
        },
        Number(at),
      ),
    ).toBe(price)
})

test('behavior: dollars and tokens are worth what the oracle says', () => {
  const rows = rowsOf('appraisals', 8)
  expect(rows.length).toBe(32)
  for (const row of rows) {
    const [decimals, lynRate, answer, usd, price, valueAtRisk, wei, exposure] =
      row as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
    expect(
      appraise({
        rates: {
          lynRate,
          usdRate: answer * 10n ** 10n,
          decimals: Number(decimals),
        },
        usd: usd === 1n,
        price,
        valueAtRisk,
      }),
    ).toEqual({ wei, exposure })
  }
})

test('behavior: a collateral backs what the market says (D2)', () => {
  const rows = rowsOf('exposures', 3) as [bigint, bigint, bigint][]
  expect(rows.length).toBe(24)
  for (const [collateral, q, most] of rows)
    expect(maxExposure(collateral, Number(q))).toBe(most)
})

test('behavior: a lock debits what the market says (D3)', () => {
  const rows = rowsOf('totals', 5) as [bigint, bigint, bigint, bigint, bigint][]
  expect(rows.length).toBe(16)
  for (const [price, verificationFee, tip, callbackFee, total] of rows)
    expect(orderTotal({ verificationFee, tip, callbackFee }, price)).toBe(total)
})

test('behavior: a settlement divides the price as the market does', () => {
  const rows = rowsOf('splits', 6)
  expect(rows.length).toBe(12)
  for (const row of rows) {
    const [price, feeBps, royaltyBps, paid, fee, royalty] = row as [
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
    ]
    expect(
      splitPrice({
        price,
        feeBps: Number(feeBps),
        royaltyBps: Number(royaltyBps),
      }),
    ).toEqual({ paid, fee, royalty })
  }
})
