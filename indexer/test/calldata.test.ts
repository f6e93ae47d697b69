import { jobMarketAbi } from '@lynode/sdk'
import fc from 'fast-check'
import {
  type AbiFunction,
  decodeFunctionData,
  encodeFunctionData,
  type Hex,
  toFunctionSelector,
  toHex,
} from 'viem'
import { expect, test } from 'vitest'
import { dynamicBytes, headOf, staticTuple } from '../src/domain/calldata.js'
import { orderInLock } from '../src/domain/orders.js'

const market = `0x${'aa'.repeat(20)}` as const
const functions = jobMarketAbi.filter(
  (item) =>
    item.type === 'function' &&
    item.inputs.some(({ name }) => name === 'order'),
) as readonly AbiFunction[]

test.each(functions.map((item) => [item.name, item] as const))(
  'default: the order of %s is what viem reads',
  (_, item) => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.bigInt(0n, 2n ** 256n - 1n)),
        (words) => {
          const args = item.inputs.map((input) => anyValue(input, words))
          const input = encodeFunctionData({ abi: [item], args })
          const read = decodeFunctionData({ abi: [item], data: input })
          const argument = (name: string) =>
            read.args?.[item.inputs.findIndex((one) => one.name === name)]
          const words_ = input.slice(10)
          const head = headOf(item.inputs)
          expect(staticTuple(words_, head, 'order')).toEqual(argument('order'))
          for (const name of ['signature', 'data'])
            expect(dynamicBytes(words_, head, name)).toEqual(argument(name))
        },
      ),
      { numRuns: 50 },
    )
  },
)

test('error: calldata that ends too early, and other calls, have no order', () => {
  const [lock] = functions.filter(({ name }) => name === 'lock')
  if (lock === undefined) throw new Error('no lock')
  const words = fc.sample(fc.infiniteStream(fc.bigInt(1n, 2n ** 40n)), 1)[0]
  if (words === undefined) throw new Error('no words')
  const args = lock.inputs.map((input) => anyValue(input, words))
  const input = encodeFunctionData({ abi: [lock], args })
  const of = (data: Hex, to: Hex | null = market) =>
    orderInLock({
      address: market,
      transaction: { hash: '0x', from: market, to, input: data },
    })
  expect(of(input)?.order).toBeDefined()
  expect(of(input, null)).toBeUndefined()
  expect(of(input, `0x${'bb'.repeat(20)}`)).toBeUndefined()
  expect(of(`0x12345678${input.slice(10)}`)).toBeUndefined()
  for (const length of [10, 74, 1_000, input.length - 128])
    expect(of(input.slice(0, length) as Hex)).toBeUndefined()
  // An offset beyond every number.
  const far = input.slice(0, 10 + 27 * 64) + 'f'.repeat(64)
  expect(of(far as Hex)).toBeUndefined()
  expect(toFunctionSelector(lock)).toBe(input.slice(0, 10))
})

type Input = {
  type: string
  name?: string | undefined
  components?: readonly Input[]
}

function anyValue(
  { type, components }: Input,
  words: { next(): { value: bigint } },
): unknown {
  if (components !== undefined)
    return Object.fromEntries(
      components.map((part) => [part.name, anyValue(part, words)]),
    )
  const { value } = words.next()
  const bits = Number(/^uint(\d+)$/.exec(type)?.[1])
  if (type === 'address') return toHex(value % 2n ** 160n, { size: 20 })
  if (type === 'bytes') return toHex(value)
  if (/^bytes\d+$/.test(type)) return toHex(value, { size: 32 })
  if (type.endsWith('[]')) return []
  const number = value % 2n ** BigInt(bits)
  return bits > 48 ? number : Number(number)
}
