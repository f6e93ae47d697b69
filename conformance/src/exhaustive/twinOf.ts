import {
  type Arithmetic,
  checkerOf,
  type Interval,
  operatorOf,
} from '@lynode/sdk'
import type { Reference } from './references.js'

/**
 * What the twin of the on-chain checker accepts of an operator of one float, by
 * the input.
 *
 * @throws Error when the protocol does not cover the operator.
 */
export function twinOf(
  { operator, attributes = {}, constant }: Reference,
  arithmetic: Arithmetic,
): (x: number) => Interval {
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
  const query = {
    opcode: form.opcode,
    attributes: form.attributes,
    inputs: form.inputs.map(() => scalar),
    outputs: [scalar],
    output: 0,
    element: 0,
    arithmetic,
  }
  const operands = [0, constant ?? 0].slice(0, form.inputs.length)
  return (x) =>
    checker.evaluate(
      query,
      operands.map((value, slot) => ({
        data: new Uint8Array(Float32Array.of(slot === 0 ? x : value).buffer),
        derived: [],
      })),
    )
}

const view = new DataView(new ArrayBuffer(4))

/** The number of a key of an interval. */
export function numberOfKey(key: bigint): number {
  view.setUint32(0, Number(key < 0n ? (1n << 31n) - key : key))
  return view.getFloat32(0)
}
