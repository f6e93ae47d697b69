import fc from 'fast-check'
import { type Hex, toHex } from 'viem'
import { expect, test } from 'vitest'
import { type Order, orderTypes } from '../types/order.js'
import { parseSignedOrder, signedOrderToJson } from './signedOrder.js'

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((value): Hex => toHex(value))

/** Any value of a field, its limits among them. */
function anyOf(type: string): fc.Arbitrary<unknown> {
  if (type === 'address') return hex(20)
  if (type === 'bytes32') return hex(32)
  const bits = Number(type.slice(4))
  const most = (1n << BigInt(bits)) - 1n
  return bits <= 48
    ? fc.integer({ min: 0, max: Math.min(Number(most), 2 ** 31 - 1) })
    : fc.oneof(fc.bigInt(0n, most), fc.constant(0n), fc.constant(most))
}

const orders = fc.record(
  Object.fromEntries(
    orderTypes.Order.map(({ name, type }) => [name, anyOf(type)]),
  ),
) as unknown as fc.Arbitrary<Order>

test('property: an order comes back as it was sent', () => {
  fc.assert(
    fc.property(orders, hex(65), (order, signature) => {
      const sent = JSON.stringify(signedOrderToJson({ order, signature }))
      expect(parseSignedOrder(JSON.parse(sent))).toEqual({ order, signature })
    }),
  )
})

test('error: every field must be there, in range, and no other', () => {
  const [order] = fc.sample(orders, 1)
  if (order === undefined) throw new Error('no sample')
  const good = signedOrderToJson({ order, signature: '0x1234' })
  const refused = (change: object, signature: unknown = '0x1234') =>
    expect(() =>
      parseSignedOrder({ order: { ...good.order, ...change }, signature }),
    ).toThrowError(expect.objectContaining({ code: 'LY-RLY-001' }))
  for (const { name, type } of orderTypes.Order) {
    refused({ [name]: undefined })
    refused({ [name]: -1 })
    refused({ [name]: {} })
    refused({ [name]: '0x' })
    if (type.startsWith('uint')) {
      refused({ [name]: String(1n << BigInt(type.slice(4))) })
      refused({ [name]: 1.5 })
    }
  }
  refused({ extra: 1 })
  refused({}, '0x123')
  refused({}, `0x${'00'.repeat(8_193)}`)
  for (const json of [null, 1, [], { order: null }, undefined])
    expect(() => parseSignedOrder(json)).toThrowError(/LY-RLY-001/)
})
