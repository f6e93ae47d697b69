import {
  elementBytes,
  elementCount,
  encodeOnnx,
  type GraphTensor,
  isHonest,
  type OperatorAttribute,
  operatorOf,
  type Range,
  type TensorType,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'

/** A model of one node, with what it is run on. */
export type NodeCase = {
  operator: string
  opset: number
  attributes?: Record<string, OperatorAttribute>
  /** `undefined` for an absent optional input. */
  inputs: readonly (NodeInput | undefined)[]
  /** Element types of the outputs; none for one of the type of the first input. */
  outputs: readonly TensorType['dtype'][]
}

type NodeInput = {
  dtype: TensorType['dtype']
  dims: readonly number[]
  data: ArrayBufferView
  /** Part of the model. */
  constant?: boolean
}

const names: Partial<Record<number, Tensor.Type>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
}

/** What the twin says of every element that ONNX Runtime gives. */
export type Verdicts = {
  judged: number
  poison: number
  /** The elements that the twin would convict. */
  fraud: string[]
}

/**
 * Runs one node on ONNX Runtime and judges all elements of all outputs.
 *
 * @throws OperatorError when the node is refused.
 */
export async function judgeNode(given: NodeCase): Promise<Verdicts> {
  const node =
    given.outputs.length > 0
      ? given
      : { ...given, outputs: [given.inputs[0]?.dtype ?? 1] }
  const { operator, opset, attributes = {}, inputs, outputs } = node
  const covered = operatorOf(operator)
  if (covered === undefined) throw new Error(operator)
  const bytesOf = ({ data }: NodeInput) =>
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const form = covered.form({
    operator,
    opset,
    attributes: new Map(Object.entries(attributes)),
    inputs: inputs.map(
      (input) =>
        input && {
          dtype: input.dtype,
          dims: input.dims,
          constant: input.constant
            ? (input.data as unknown as ArrayLike<number>)
            : undefined,
        },
    ),
    outputs: outputs.length,
  })
  const results = await run(node, bytesOf)
  const natural = (dtype: TensorType['dtype'], dims: readonly number[]) => ({
    dtype,
    dims,
    perm: dims.map((_, k) => k),
  })
  const types = form.outputs.map(({ dtype, dims }) => natural(dtype, dims))
  const checker = [covered.checker, ...(covered.variants ?? [])].find(
    ({ opcode }) => opcode === form.opcode,
  )
  const verdicts: Verdicts = { judged: 0, poison: 0, fraud: [] }
  results.forEach((result, output) => {
    const type = types[output]
    if (type === undefined || checker === undefined) throw new Error('no form')
    if (result.dims.join() !== type.dims.join())
      throw new Error(`shape ${result.dims}, not ${type.dims}`)
    const claimed = bitsOf(result)
    for (let element = 0; element < elementCount(type.dims); element++) {
      const query = {
        opcode: form.opcode,
        attributes: form.attributes,
        inputs: form.inputs.map((i) => {
          const input = inputs[i]
          return input && natural(input.dtype, input.dims)
        }),
        outputs: types,
        output,
        element,
      }
      const operandsOf = (ranges: readonly Range[]) =>
        form.inputs.map((i, slot) => {
          const input = inputs[i]
          const width = elementBytes(input?.dtype ?? 1) ?? 1
          const picked = ranges
            .filter(({ operand }) => operand === slot)
            .flatMap(({ first, count, stride }) =>
              Array.from({ length: count }, (_, turn) => first + turn * stride),
            )
          const data = new Uint8Array(picked.length * width)
          picked.forEach((at, turn) => {
            if (input === undefined) return
            const from = bytesOf(input).subarray(at * width, (at + 1) * width)
            data.set(from, turn * width)
          })
          return { data, derived: [] }
        })
      const ranges = checker.ranges(query)
      const more = checker.dependentRanges?.(query, operandsOf(ranges)) ?? []
      const operands = operandsOf([...ranges, ...more])
      const honest = checker.evaluate(query, operands)
      verdicts.judged += 1
      if (honest.kind === 'any') verdicts.poison += 1
      if (!isHonest(honest, claimed(element), type.dtype))
        verdicts.fraud.push(
          `output ${output} element ${element}: ${String(result.data[element])} is not within ${honest.kind} ${honest.low} to ${honest.high}`,
        )
    }
  })
  return verdicts
}

/** Bit pattern of each element. */
function bitsOf({ data }: Tensor): (element: number) => bigint {
  if (data instanceof Float32Array) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length)
    return (element) => BigInt(words[element] ?? 0)
  }
  const width = 8 * (data as Uint8Array).BYTES_PER_ELEMENT
  return (element) => BigInt.asUintN(width, BigInt(data[element] ?? 0))
}

async function run(
  node: NodeCase,
  bytesOf: (input: NodeInput) => Uint8Array,
): Promise<Tensor[]> {
  const given = node.inputs.flatMap((input, i) =>
    input === undefined ? [] : [{ name: `x${i}`, ...input }],
  )
  const outputs = node.outputs.map((_, i) => `y${i}`)
  const model = encodeOnnx({
    opset: node.opset,
    irVersion: 8,
    inputs: given.filter((input) => !input.constant),
    outputs,
    weights: new Map(
      given
        .filter((input) => input.constant)
        .map((input): [string, GraphTensor] => [
          input.name,
          { ...input, bytes: bytesOf(input) },
        ]),
    ),
    nodes: [
      {
        name: '',
        operator: node.operator,
        domain: '',
        inputs: node.inputs.map((input, i) => (input ? `x${i}` : '')),
        outputs,
        attributes: new Map(Object.entries(node.attributes ?? {})),
      },
    ],
    declared: new Map(
      outputs.map((name, i) => [
        name,
        { name, dtype: node.outputs[i] ?? 1, dims: undefined },
      ]),
    ),
    metadata: new Map(),
  })
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  try {
    const feeds = given
      .filter((input) => !input.constant)
      .map((input) => {
        const type = names[input.dtype]
        if (type === undefined) throw new Error(`dtype ${input.dtype}`)
        const data = bytesOf(input).slice()
        const typed =
          type === 'float32'
            ? new Float32Array(data.buffer)
            : type === 'int64'
              ? new BigInt64Array(data.buffer)
              : type === 'int32'
                ? new Int32Array(data.buffer)
                : type === 'int8'
                  ? new Int8Array(data.buffer)
                  : data
        return [input.name, new Tensor(type, typed, input.dims)] as const
      })
    const results = await session.run(Object.fromEntries(feeds))
    return outputs.map((name) => {
      const result = results[name]
      if (result === undefined) throw new Error(`no output ${name}`)
      return result as Tensor
    })
  } finally {
    await session.release()
  }
}
