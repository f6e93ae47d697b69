import { tensorData } from '../../onnx/tensorData.js'
import { OperatorError } from '../../operators/operator.js'
import { dtypes } from '../../types/tensorType.js'
import { type Activation, activationsOf } from './activations.js'
import {
  type CompositeNode,
  intAttribute,
  nameOf,
  resultOf,
  stringAttribute,
  typeOf,
} from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'

// What LSTM, GRU and RNN share: an unrolled loop over time, one or two
// directions, and the layout of weights and results.

/** Longest sequence that is unrolled. */
export const longestSequence = 128

/** One direction of a recurrent node. */
export type Direction = {
  /** Number in the weights. */
  index: number
  /** Product of the inputs of all steps with the weights, with all that is added to it: [time, batch, gates * hidden]. */
  inputs: string
  /** Weights of the state: [hidden, gates * hidden]. */
  state: string
  /** Bias of the state's product alone: [gates * hidden]; `undefined` where there is none. */
  stateBias: string | undefined
  activations: readonly Activation[]
  hidden: number
  batch: number
}

/** States after a step: the first is the result, [batch, hidden]. */
export type States = readonly string[]

export type Recurrence = {
  gates: number
  activations: readonly string[]
  /** Number of states: 1, or 2 with the cell of an LSTM. */
  states: number
  /** Whether biases of input and state may be added up beforehand. */
  joinBiases(composite: CompositeNode): boolean
  step(
    composite: CompositeNode,
    build: NodeBuilder,
    direction: Direction,
    inputs: string,
    states: States,
  ): States
}

/** Unrolls a recurrent node into the nodes of its steps. */
export function expandRecurrence(
  composite: CompositeNode,
  build: NodeBuilder,
  recurrence: Recurrence,
): void {
  const { node } = composite
  const shape = shapeOf(composite, recurrence)
  const { time, batch, input, hidden, directions, batchFirst } = shape
  const given = nameOf(composite, 0) ?? ''
  const x = batchFirst ? build.transpose(given, [1, 0, 2]) : given
  const activations = activationsOf(
    composite,
    recurrence.activations,
    directions.length,
  )
  const each = recurrence.activations.length
  const outputs: string[] = []
  const last: string[][] = []
  directions.forEach((reversed, index) => {
    const direction = directionOf(composite, build, recurrence, {
      x,
      index,
      batch,
      input,
      hidden,
      activations: activations.slice(index * each, (index + 1) * each),
    })
    let states: States = Array.from({ length: recurrence.states }, (_, k) =>
      initialState(composite, build, k, index, shape),
    )
    const results = new Array<string>(time)
    for (let turn = 0; turn < time; turn++) {
      const t = reversed ? time - 1 - turn : turn
      const inputs = build.pick(direction.inputs, 0, t)
      states = recurrence.step(composite, build, direction, inputs, states)
      results[t] = build.reshape(states[0] as string, [1, 1, batch, hidden])
    }
    if (resultOf(node, 0) !== undefined)
      outputs.push(time > 1 ? build.concat(results, 0) : (results[0] as string))
    last.push(states.map((state) => build.reshape(state, [1, batch, hidden])))
  })
  // Y is [time, direction, batch, hidden], Y_h and Y_c [direction, batch, hidden].
  const y = resultOf(node, 0)
  if (y !== undefined) {
    const joined = build.concat(outputs, 1)
    if (batchFirst) build.add('Transpose', [joined], permOf([2, 0, 1, 3]), y)
    else build.add('Identity', [joined], {}, y)
  }
  for (let state = 0; state < recurrence.states; state++) {
    const name = resultOf(node, 1 + state)
    if (name === undefined) continue
    const parts = last.map((states) => states[state] as string)
    const joined = build.concat(parts, 0)
    if (batchFirst) build.add('Transpose', [joined], permOf([1, 0, 2]), name)
    else build.add('Identity', [joined], {}, name)
  }
}

function permOf(perm: readonly number[]) {
  return { perm: { type: 'ints' as const, value: perm.map(BigInt) } }
}

type Shape = {
  time: number
  batch: number
  input: number
  hidden: number
  /** Whether each direction goes backwards. */
  directions: readonly boolean[]
  batchFirst: boolean
}

function shapeOf(composite: CompositeNode, recurrence: Recurrence): Shape {
  const { node, types, constants } = composite
  const refuse = (reason: string) =>
    new OperatorError(`${node.operator}: ${reason}`)
  const x = typeOf(composite, 0)
  const w = typeOf(composite, 1)
  const r = typeOf(composite, 2)
  if (x.dtype !== dtypes.float32) throw refuse('only float32 has a checker')
  const batchFirst = intAttribute(node, 'layout', 0) === 1
  const [first, second, input] = x.dims as [number, number, number]
  const [time, batch] = batchFirst ? [second, first] : [first, second]
  const hidden = r.dims[2] as number
  const known = {
    forward: [false],
    reverse: [true],
    bidirectional: [false, true],
  }
  const name = stringAttribute(node, 'direction', 'forward')
  const directions = Object.hasOwn(known, name)
    ? known[name as keyof typeof known]
    : undefined
  if (directions === undefined) throw refuse(`direction ${name} is unknown`)
  const rows = recurrence.gates * hidden
  if (
    x.dims.length !== 3 ||
    String(w.dims) !== String([directions.length, rows, input]) ||
    String(r.dims) !== String([directions.length, rows, hidden])
  )
    throw refuse(
      `weights of shapes [${w.dims}] and [${r.dims}] for [${x.dims}]`,
    )
  if (time > longestSequence)
    throw refuse(
      `a sequence of ${time}; at most ${longestSequence} are unrolled`,
    )
  if (node.attributes.has('clip'))
    throw refuse('with clip: runtimes differ on what it clips')
  if (types[4] !== undefined) {
    const lengths = constants[4]
    if (lengths === undefined)
      throw refuse('the lengths of its sequences are not constant')
    if (Array.from(tensorData(lengths), Number).some((n) => n !== time))
      throw refuse('its sequences are not all of full length')
  }
  return { time, batch, input, hidden, directions, batchFirst }
}

function directionOf(
  composite: CompositeNode,
  build: NodeBuilder,
  recurrence: Recurrence,
  own: {
    x: string
    index: number
    batch: number
    input: number
    hidden: number
    activations: readonly Activation[]
  },
): Direction {
  const { index, hidden, batch, activations } = own
  const rows = recurrence.gates * hidden
  const matrix = (input: number) => {
    const mine = build.pick(nameOf(composite, input) ?? '', 0, index)
    return build.transpose(mine, [1, 0])
  }
  let inputs = build.add('MatMul', [own.x, matrix(1)])
  let stateBias: string | undefined
  const biases = nameOf(composite, 3)
  if (biases !== undefined) {
    const mine = build.pick(biases, 0, index)
    const ofInput = build.slice(mine, 0, 0, rows)
    const ofState = build.slice(mine, 0, rows, 2 * rows)
    const join = recurrence.joinBiases(composite)
    const bias = join ? build.add('Add', [ofInput, ofState]) : ofInput
    inputs = build.add('Add', [inputs, bias])
    if (!join) stateBias = ofState
  }
  return {
    index,
    inputs,
    state: matrix(2),
    stateBias,
    activations,
    hidden,
    batch,
  }
}

/** Inputs 5 and 6 hold the states before the first step; zeros without them. */
function initialState(
  composite: CompositeNode,
  build: NodeBuilder,
  state: number,
  direction: number,
  { batch, hidden, batchFirst }: Shape,
): string {
  const name = nameOf(composite, 5 + state)
  if (name === undefined) return build.float(0, [batch, hidden])
  return build.pick(name, batchFirst ? 1 : 0, direction)
}
