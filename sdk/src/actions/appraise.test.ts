import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leastCollateralOf, maxExposure } from './appraise.js'

describe('leastCollateralOf', () => {
  it('is the least that backs the exposure', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 95n }),
        fc.integer({ min: 1, max: 999_999 }),
        (exposure, q) => {
          const collateral = leastCollateralOf(exposure, q)
          expect(maxExposure(collateral, q)).toBeGreaterThanOrEqual(exposure)
          expect(maxExposure(collateral - 1n, q)).toBeLessThan(exposure)
        },
      ),
    )
  })

  it('is nothing where every cheat is caught', () => {
    expect(leastCollateralOf(5n, 1_000_000)).toBe(0n)
  })

  it('does not exist where none is', () => {
    expect(() => leastCollateralOf(5n, 0)).toThrow(
      expect.objectContaining({ code: 'LY-MKT-020' }),
    )
  })
})
