import { checkerOf, operatorOf } from '@lynode/sdk'
import { describe, expect, test } from 'vitest'
import { references } from './references.js'
import { chunkCount, Sweeper } from './sweepChunk.js'

// A strided smoke of `npm run test:exhaustive`, and a check that the allowances
// that it takes are those of the twins.

const stride = 2 ** 17 + 1

test.each(references.map((reference) => [reference.name, reference] as const))(
  'behavior: %s stays in the inner half of its allowance',
  async (_, reference) => {
    const sweeper = await Sweeper.open(reference, 'cpu')
    try {
      for (let chunk = 0; chunk < chunkCount; chunk += 3) {
        const { share, wrong } = await sweeper.sweep(chunk, stride)
        expect(wrong).toBe(0)
        expect(share).toBeLessThan(0.5)
      }
    } finally {
      await sweeper.close()
    }
  },
)

describe('behavior: the allowance is what the twin has', () => {
  const bounded = references.filter(({ allowance }) => allowance(-1, 1) > 0)
  test.each(bounded.map((reference) => [reference.name, reference] as const))(
    '%s',
    (_, reference) => {
      const { operator, attributes = {}, constant } = reference
      const form = operatorOf(operator)?.form({
        operator,
        opset: 20,
        attributes: new Map(Object.entries(attributes)),
        inputs: [
          { dtype: 1, dims: [] },
          ...(constant === undefined
            ? []
            : [{ dtype: 1 as const, dims: [], constant: [constant] }]),
        ],
        outputs: 1,
      })
      const checker = checkerOf(form?.opcode ?? 0)
      if (form === undefined || checker === undefined)
        throw new Error(`no ${operator}`)
      const scalar = { dtype: 1 as const, dims: [], perm: [] }
      for (const x of [-2.5, -0.5, 0.0131, 0.75, 1.25, 4.75]) {
        const { kind, low, high } = checker.evaluate(
          {
            opcode: form.opcode,
            attributes: form.attributes,
            inputs: form.inputs.map(() => scalar),
            outputs: [scalar],
            output: 0,
            element: 0,
          },
          [x, constant ?? 0].slice(0, form.inputs.length).map((value) => ({
            data: new Uint8Array(Float32Array.of(value).buffer),
            derived: [],
          })),
        )
        const at = Math.fround(x)
        const wanted = reference.value(at)
        if (Number.isNaN(wanted)) continue
        expect(kind).toBe('float')
        const room = reference.allowance(at, wanted)
        const step = Math.abs(wanted) * 2 ** -23
        // The interval's ends are floats: up to a step inside.
        for (const [end, sign] of [
          [low, -1],
          [high, 1],
        ] as const) {
          const reached = sign * (numberOf(end) - wanted)
          expect(reached).toBeLessThanOrEqual(room * 1.0001)
          expect(reached).toBeGreaterThanOrEqual(room - 1.01 * step)
        }
      }
    },
  )
})

const view = new DataView(new ArrayBuffer(4))
function numberOf(key: bigint): number {
  view.setUint32(0, Number(key < 0n ? (1n << 31n) - key : key))
  return view.getFloat32(0)
}
