import type {
  ResultDocument,
  StatesDocument,
  TensorDocument,
} from '../job/documents.js'
import {
  inputRootOf,
  resultRootOf,
  statesTrees,
  traceRootOf,
} from '../job/roots.js'
import { endsSegment, segmentOf } from '../job/segments.js'
import { finishModel } from '../model/finishModel.js'
import {
  profileKey,
  readMetadata,
  segmentKey,
  writeMetadata,
} from '../model/metadata.js'
import { prepareModel } from '../model/prepareModel.js'
import { readManifest } from '../model/readManifest.js'
import { weightReader } from '../model/weightReader.js'
import { buildModel, floats, type ModelParts } from '../onnx/buildModel.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { type ProfileName, profiles } from '../operators/sumRules.js'
import type { Commitments } from '../proof/resolveValue.js'
import type { ExecutionRoots } from '../proof/verifyFraudProof.js'
import { toCommitted } from '../tensor/permuteBytes.js'
import { dataTree } from '../tree/blobRoot.js'
import { type Manifest, type ManifestValue, none } from '../types/manifest.js'
import { dtypes } from '../types/tensorType.js'

/** An execution of a tiny model, honest or not, with all its bytes. */
export type Scenario = {
  file: Uint8Array
  manifest: Manifest
  steps: number
  /** What the execution committed to, with the trace of a step. */
  commitments(step: number): Commitments
  roots(step: number): ExecutionRoots
  /** Committed bytes of a value at a step. */
  committed(step: number, value: number): Uint8Array
}

/** Elements of a value in row-major order. */
type Elements = Float32Array | Int32Array

/** Changes a result in place before anything reads it: what a cheat does. */
export type Cheat = (step: number, name: string, values: Elements) => void

/** Values that are exact in float32, and so are their sums of products. */
function pattern(count: number, seed: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => (((i + 1) * 7919 + seed * 104_729) % 33) / 16 - 1,
  )
}

/** Gemm, Relu, Gemm: operands of several chunks. */
export function mlpScenario(cheat?: Cheat): Scenario {
  return scenarioOf(
    {
      inputs: { x: [2, 4] },
      outputs: ['y'],
      weights: {
        w1: floats([4, 300], pattern(1200, 1)),
        b1: floats([300], pattern(300, 2)),
        w2: floats([300, 3], pattern(900, 3)),
      },
      nodes: [
        ['Gemm', ['x', 'w1', 'b1'], ['h']],
        ['Relu', ['h'], ['r']],
        ['Gemm', ['r', 'w2'], ['y']],
      ],
    },
    [{ x: pattern(8, 4) }],
    { cheat },
  )
}

/**
 * A deep model with narrow places, its boundaries (A7): 17 times a Gemm to 2,048
 * values, a Relu, a Gemm back to 16 and a sum with a constant.
 * Sums are taken in float64, as no runtime does: the bits are those of other hardware.
 *
 * @param steps Each begins with the result of the last one.
 * @param segment Steps of a segment; default all.
 */
export function deepScenario(
  cheat?: Cheat,
  steps = 1,
  segment: number = steps,
): Scenario {
  const wide = 2_048
  const scaled = (values: number[], by: number) => values.map((x) => x * by)
  return scenarioOf(
    {
      inputs: { x: [1, 16] },
      outputs: ['y'],
      weights: {
        up: floats([16, wide], scaled(pattern(16 * wide, 20), 0.3)),
        shift: floats([wide], scaled(pattern(wide, 21), 0.1)),
        down: floats([wide, 16], scaled(pattern(wide * 16, 22), 0.0035)),
        base: floats([16], scaled(pattern(16, 23), 0.7)),
      },
      nodes: [
        ...Array.from({ length: deepStages }, (_, i) => {
          const before = i === 0 ? 'x' : `s${i - 1}`
          return [
            ['Gemm', [before, 'up', 'shift'], [`h${i}`]],
            ['Relu', [`h${i}`], [`r${i}`]],
            ['Gemm', [`r${i}`, 'down'], [`d${i}`]],
            ['Add', [`d${i}`, 'base'], [`s${i}`]],
          ] satisfies ModelParts['nodes'][number][]
        }).flat(),
        ['Mul', [`s${deepStages - 1}`, 'base'], ['y']],
      ],
    },
    [{ x: pattern(16, 24) }, ...Array.from({ length: steps - 1 }, () => ({}))],
    { cheat, segment, ...(steps > 1 && { carry: { y: 'x' } }) },
  )
}

/** Stages of {@link deepScenario}. */
export const deepStages = 17

/** One Gemm that sums `depth` products, for gas figures. */
export function reductionScenario(depth: number, cheat?: Cheat): Scenario {
  return scenarioOf(
    {
      inputs: { x: [1, depth] },
      outputs: ['y'],
      weights: { w: floats([depth, 64], pattern(depth * 64, 13)) },
      nodes: [['Gemm', ['x', 'w'], ['y']]],
    },
    [{ x: pattern(depth, 14) }],
    { cheat },
  )
}

/** The greatest of a row that is too long to be opened: a witness decides it (A8). */
export function maximumScenario(cheat?: Cheat): Scenario {
  return scenarioOf(
    {
      inputs: { x: [1, 30_000] },
      outputs: ['y'],
      nodes: [
        ['Relu', ['x'], ['r']],
        ['ReduceMax', ['r'], ['y'], { axes: { type: 'ints', value: [1n] } }],
      ],
    },
    [{ x: pattern(30_000, 16) }],
    { cheat },
  )
}

/** A running sum over more elements than a proof opens: they go in part by part (A9). */
export function runningSumScenario(cheat?: Cheat): Scenario {
  return scenarioOf(
    {
      inputs: { x: [1, 30_000] },
      outputs: ['y'],
      weights: {
        axis: {
          dtype: dtypes.int32,
          dims: [1],
          bytes: new Uint8Array(Int32Array.of(1).buffer),
        },
      },
      nodes: [['CumSum', ['x', 'axis'], ['y']]],
    },
    [{ x: pattern(30_000, 17) }],
    { cheat },
  )
}

/** Three steps that carry a state: m = state * w, next = m + x, y = next - m. */
export function carriedScenario(cheat?: Cheat, segment = 1): Scenario {
  return scenarioOf(
    {
      inputs: { x: [2, 3], state: [2, 3], bias: [3] },
      outputs: ['y', 'next'],
      weights: { w: floats([3], [0.5, -1, 2]) },
      nodes: [
        ['Mul', ['state', 'w'], ['m']],
        ['Add', ['m', 'bias'], ['n']],
        ['Add', ['n', 'x'], ['next']],
        ['Sub', ['next', 'm'], ['y']],
      ],
    },
    [
      { x: pattern(6, 5), state: pattern(6, 6), bias: pattern(3, 7) },
      { x: pattern(6, 8), bias: pattern(3, 9) },
      { x: pattern(6, 10), bias: pattern(3, 11) },
    ],
    { cheat, carry: { next: 'state' }, segment },
  )
}

/** y = Relu(x * w + b) with the product and the sum derived (B5). */
export function derivedScenario(cheat?: Cheat): Scenario {
  return scenarioOf(
    {
      inputs: { x: [2, 3] },
      outputs: ['y'],
      weights: {
        w: floats([3], [0.1, -0.7, 3]),
        b: floats([2, 1], [0.3, 1]),
      },
      nodes: [
        ['Mul', ['x', 'w'], ['m']],
        ['Add', ['m', 'b'], ['s']],
        ['Relu', ['s'], ['y']],
      ],
    },
    [{ x: pattern(6, 12) }],
    { cheat, derived: ['m', 's'] },
  )
}

/**
 * y = Relu(x w + b + r) with both sums derived: a sum of `sumTerms` products is the
 * head of the chain (B5).
 *
 * @param all What the elements of an operand are, instead of a pattern.
 */
export function sumScenario(
  cheat?: Cheat,
  profile?: ProfileName,
  all?: Record<'x' | 'w' | 'b' | 'r', number>,
): Scenario {
  const filled = (name: 'x' | 'w' | 'b' | 'r', values: number[]) =>
    all === undefined ? values : values.fill(all[name])
  return scenarioOf(
    {
      inputs: { x: [2, sumTerms], r: [2, 4] },
      outputs: ['y'],
      weights: {
        w: floats([sumTerms, 4], filled('w', pattern(sumTerms * 4, 17))),
        b: floats([4], filled('b', pattern(4, 18))),
      },
      nodes: [
        ['Gemm', ['x', 'w', 'b'], ['g']],
        ['Add', ['g', 'r'], ['s']],
        ['Relu', ['s'], ['y']],
      ],
    },
    [
      {
        x: filled('x', pattern(2 * sumTerms, 19)),
        r: filled(
          'r',
          Array.from({ length: 8 }, (_, i) => 1024 + i),
        ),
      },
    ],
    { cheat, derived: ['g', 's'], profile },
  )
}

/**
 * y = x w under the profile of blocks, with `w` a weight or a second input: only
 * the first has runs.
 */
export function blocksScenario(
  factor: 'weight' | 'input',
  cheat?: Cheat,
): Scenario {
  const w = floats([sumTerms, 4], pattern(sumTerms * 4, 17))
  const x = pattern(2 * sumTerms, 19)
  return scenarioOf(
    {
      inputs: {
        x: [2, sumTerms],
        ...(factor === 'input' && { w: [sumTerms, 4] }),
      },
      outputs: ['y'],
      weights: factor === 'weight' ? { w } : {},
      nodes: [['Gemm', ['x', 'w'], ['y']]],
    },
    [factor === 'weight' ? { x } : { x, w: pattern(sumTerms * 4, 17) }],
    { cheat, profile: 'f32-blocked' },
  )
}

/**
 * y = Tanh(x w) of numbers near 0, where WebGPU may be far off (docs/operators.md,
 * "WebGPU").
 */
export function tanhScenario(profile: ProfileName, cheat?: Cheat): Scenario {
  return scenarioOf(
    {
      inputs: { x: [2, 8] },
      outputs: ['y'],
      weights: {
        w: floats(
          [8, 4],
          pattern(32, 21).map((number) => number / 64),
        ),
      },
      nodes: [
        ['Gemm', ['x', 'w'], ['g']],
        ['Tanh', ['g'], ['y']],
      ],
    },
    [{ x: pattern(16, 22) }],
    { cheat, profile },
  )
}

/** Terms of the sum of {@link sumScenario}. */
export const sumTerms = 600

/**
 * y = rows of a table that the input names: canonicalisation puts a Clip before
 * the indices (C5), and the proof reads the index first.
 */
export function gatherScenario(cheat?: Cheat): Scenario {
  return scenarioOf(
    {
      inputs: { x: [1, 4] },
      outputs: ['y'],
      weights: { table: floats([5, 300], pattern(1500, 15)) },
      nodes: [
        ['Cast', ['x'], ['at'], { to: { type: 'int', value: 6n } }],
        ['Gather', ['table', 'at'], ['y']],
      ],
    },
    // The second names the last row from behind, the last is out of range.
    [{ x: [3, -1, 0, 77] }],
    { cheat },
  )
}

function scenarioOf(
  parts: ModelParts,
  inputs: readonly Record<string, number[]>[],
  options: {
    cheat?: Cheat | undefined
    carry?: Record<string, string>
    derived?: string[]
    profile?: ProfileName | undefined
    segment?: number
  },
): Scenario {
  const metadata = {
    [segmentKey]: `${options.segment ?? 1}`,
    [profileKey]: `${profiles[options.profile ?? 'f32-plain']}`,
  }
  const file = withDerived(
    finishModel(
      prepareModel(buildModel({ ...parts, metadata }), {
        carry: options.carry,
      }),
    ),
    options.derived ?? [],
  )
  const manifest = readManifest(file)
  const steps: Map<string, Elements>[] = []
  inputs.forEach((given, step) => {
    const feeds = new Map<string, Elements>(
      Object.entries(given).map(([name, values]) => [
        name,
        Float32Array.from(values),
      ]),
    )
    for (const [output, input] of Object.entries(options.carry ?? {})) {
      const before = steps[step - 1]?.get(output)
      if (before !== undefined) feeds.set(input, before)
    }
    steps.push(runStep(file, manifest, feeds, step, options.cheat))
  })

  const weights = weightReader(file, manifest)
  const bytesOf = (step: number, value: ManifestValue): Uint8Array => {
    const values = steps[step]!.get(value.name)!
    return toCommitted(
      value.type,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    )
  }
  const document = (step: number, value: ManifestValue): TensorDocument => ({
    ...value.type,
    dataRoot: dataTree(bytesOf(step, value)).root,
  })
  const bySlot = (
    step: number,
    slotOf: (value: ManifestValue) => number | undefined,
  ): TensorDocument[] => {
    const tensors: TensorDocument[] = []
    for (const value of manifest.values) {
      const slot = slotOf(value)
      if (slot !== undefined && slot !== none)
        tensors[slot] = document(step, value)
    }
    return tensors
  }
  const commitments = (step: number): Commitments => ({
    inputs: {
      kind: 'inputs',
      steps: steps.map((_, t) =>
        bySlot(t, (value) =>
          value.kind === 'input'
            ? t === 0
              ? value.slot
              : value.laterSlot
            : undefined,
        ),
      ),
    },
    result: {
      kind: 'result',
      segment,
      steps: steps.map((_, t) => ({
        carried: endsSegment(t, segment, steps.length)
          ? outputsOf(t, true)
          : [],
        outputs: outputsOf(t, false),
      })),
    } satisfies ResultDocument,
    states: statesOf(step),
    trace: {
      kind: 'trace',
      tensors: bySlot(step, (value) =>
        value.kind === 'activation' ? value.traceIndex : undefined,
      ),
    },
  })
  const { segment } = manifest.header
  /** Of the segment whose state the step begins with, or the step's own. */
  const statesOf = (step: number): StatesDocument => {
    const { first, length } = segmentOf(step, segment, steps.length)
    return {
      kind: 'states',
      steps: Array.from({ length }, (_, i) => outputsOf(first + i, true)),
    }
  }
  const outputsOf = (step: number, carried: boolean): TensorDocument[] =>
    bySlot(step, (value) =>
      value.kind === 'output' && value.carried === carried
        ? value.slot
        : undefined,
    )
  return {
    file,
    manifest,
    steps: steps.length,
    commitments,
    roots: (step) => {
      const { inputs, result, trace, states } = commitments(step)
      return {
        modelId: manifest.modelId,
        steps: steps.length,
        inputRoot: inputRootOf(inputs),
        resultRoot: resultRootOf(result),
        traceRoot: traceRootOf(trace!),
        statesRoot: statesTrees(states!).root.root,
      }
    },
    committed: (step, value) =>
      weights(value) ?? bytesOf(step, manifest.values[value]!),
  }
}

/** The canonical file with other derived values. */
function withDerived(file: Uint8Array, derived: readonly string[]): Uint8Array {
  const graph = parseOnnx(file)
  const metadata = { ...readMetadata(graph.metadata), derived }
  return encodeOnnx({ ...graph, metadata: writeMetadata(metadata) })
}

/** Runs the few operators of the scenarios, one rounding an operation. */
function runStep(
  file: Uint8Array,
  manifest: Manifest,
  feeds: ReadonlyMap<string, Elements>,
  step: number,
  cheat: Cheat | undefined,
): Map<string, Elements> {
  const graph = parseOnnx(file)
  const dims = new Map(
    manifest.values.map(({ name, type }) => [name, type.dims]),
  )
  const values = new Map(feeds)
  for (const [name, { bytes, dtype }] of graph.weights) {
    const { buffer } = Uint8Array.from(bytes)
    values.set(
      name,
      dtype === dtypes.int32
        ? new Int32Array(buffer)
        : new Float32Array(buffer),
    )
  }
  for (const node of graph.nodes) {
    const result = node.outputs[0]!
    const [a, b, c] = node.inputs.map((name) => ({
      values: values.get(name)!,
      dims: dims.get(name)!,
    })) as [Flat, Flat, Flat | undefined]
    const computed = compute(node.operator, a, b, c, dims.get(result)!)
    cheat?.(step, result, computed)
    values.set(result, computed)
  }
  return values
}

type Flat = { values: Elements; dims: readonly number[] }

function compute(
  operator: string,
  a: Flat,
  b: Flat,
  c: Flat | undefined,
  dims: readonly number[],
): Elements {
  switch (operator) {
    case 'ReduceMax':
      return Float32Array.of(Math.max(...a.values))
    case 'CumSum': {
      let sum = 0
      return Float32Array.from(a.values, (x) => (sum += x))
    }
    case 'Cast':
      return Int32Array.from(a.values, Math.trunc)
    case 'Clip': {
      const [low, high] = [b.values[0]!, c?.values[0] ?? 0]
      return Int32Array.from(a.values, (x) => Math.min(Math.max(x, low), high))
    }
    case 'Gather': {
      const [rows, columns] = a.dims as [number, number]
      return Float32Array.from(
        Array.from(b.values).flatMap((at) => {
          const row = (at + 2 * rows) % rows
          return Array.from(a.values.slice(row * columns, (row + 1) * columns))
        }),
      )
    }
  }
  const [rows, columns] = dims as [number, number]
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns)
    const column = index % columns
    const at = ({ values, dims }: Flat): number => {
      const inner = dims.at(-1)!
      const outer = dims.length > 1 ? dims[0]! : 1
      return values[
        (outer === 1 ? 0 : row) * inner + (inner === 1 ? 0 : column)
      ]!
    }
    switch (operator) {
      case 'Relu':
        return Math.max(at(a), 0)
      case 'Tanh':
        return Math.tanh(at(a))
      case 'Mul':
        return at(a) * at(b)
      case 'Add':
        return at(a) + at(b)
      case 'Sub':
        return at(a) - at(b)
      case 'Gemm': {
        const depth = a.dims[1]!
        let sum = c === undefined ? 0 : at(c)
        for (let k = 0; k < depth; k++)
          sum += a.values[row * depth + k]! * b.values[k * columns + column]!
        return sum
      }
      default:
        throw new RangeError(operator)
    }
  })
}
