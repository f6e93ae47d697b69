import { expect, test } from 'vitest'
import { LynodeError } from './lynodeError.js'

test('default: message in the shape of viem', () => {
  const error = new LynodeError('LY-AMT-001', {
    details: '"5": it has no unit',
  })
  expect(error.message).toMatchInlineSnapshot(`
    "The amount is ambiguous or malformed (LY-AMT-001)
    Details: "5": it has no unit
    Remedy: Write the number with its unit.
    Docs: docs/errors/LY-AMT-001.md"
  `)
  expect(error).toMatchObject({
    name: 'LynodeError',
    code: 'LY-AMT-001',
    docsPath: 'docs/errors/LY-AMT-001.md',
    retryable: false,
  })
})

test('behavior: walks the causes', () => {
  const inner = new TypeError('inner')
  const error = new LynodeError('LY-TX-001', {
    cause: new Error('outer', { cause: inner }),
  })
  expect(error.walk()).toBe(inner)
  expect(error.walk((one) => one instanceof TypeError)).toBe(inner)
  expect(error.walk((one) => one instanceof RangeError)).toBeUndefined()
})
