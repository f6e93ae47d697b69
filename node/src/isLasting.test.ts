import { stringToHex } from 'viem'
import { expect, test } from 'vitest'
import { isLasting } from './isLasting.js'

const jobId = `0x${'1'.repeat(64)}`
const badOrder = (field: string) => ({
  name: 'JobMarket_BadOrder',
  args: [jobId, stringToHex(field, { size: 32 })],
})

test('default: what the order itself says is refused for good', () => {
  expect(isLasting(badOrder('steps'))).toBe(true)
  expect(isLasting({ name: 'JobMarket_NonceUsed', args: [] })).toBe(true)
})

test.each([
  ['a pause', 'JobMarket_IntakePaused'],
  ['too little free stake', 'StakeManager_InsufficientStake'],
  ['a model that this node does not know yet', 'ModelRegistry_Unknown'],
  ['an order that this node does not know yet', 'JobMarket_BadSignature'],
  ['a node that gives no reason', 'Reverted'],
])('behavior: %s may pass', (_, name) => {
  expect(isLasting({ name, args: [] })).toBe(false)
})

test('behavior: a pay token may be listed in a block that this node lacks', () => {
  expect(isLasting(badOrder('payToken'))).toBe(false)
})
