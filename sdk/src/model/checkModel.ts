import type { GraphNode } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { checkerOf } from '../operators/index.js'
import { elementCount } from '../tensor/tensorType.js'
import type { Dtype } from '../types/tensorType.js'
import { admitGraph } from './admitGraph.js'
import {
  type Analysis,
  analyseGraph,
  committedForm,
  type NodeVerdict,
} from './analyseGraph.js'
import type { Constants } from './bindConstants.js'
import type { Shapes } from './bindShapes.js'
import type { Expansion } from './expandComposites.js'
import { formClass } from './formClass.js'
import { type ProofEstimate, worstProof } from './proofSize.js'

/** One operator of a model in a {@link ModelReport}. */
export type OperatorReport = {
  operator: string
  count: number
  /** Whether every node of it is judged, folded or rewritten. */
  covered: boolean
  /** How: `exact`, `float`, or what canonicalisation does with it. */
  rule: string
  /** The dearest proof of one element, estimated; none where nothing is judged. */
  proof?: ProofEstimate | undefined
}

/** Why a node keeps a model out. */
export type Refusal = {
  operator: string
  node?: string | undefined
  reason: string
  remedy: string
}

/** What the protocol makes of a model. */
export type ModelReport = {
  /** Verification class, `null` when the model is refused. */
  class: 'exact' | 'float' | 'zk' | null
  operators: OperatorReport[]
  refusals: Refusal[]
  /** Bytes of all weights and intermediates of one step. */
  memoryBytes: number
  /** Arithmetic operations of one step, roughly. */
  flops: number
  /** Sums of products, and how many of them profile `f32-blocked` judges in blocks. */
  products: { count: number; blocked: number }
  /** Types of the graph's inputs and outputs, as far as they are known. */
  shapes: Record<string, { dtype: Dtype; dims: readonly number[] }>
}

/**
 * Says whether the protocol can judge a model, before anything of it runs.
 *
 * @param options.shapes Sizes for dynamic inputs.
 * @param options.constants Values of inputs that become part of the model.
 * @throws LynodeError LY-MDL-001 for a file that cannot be read or is too large,
 * LY-MDL-002 for dynamic shapes, LY-MDL-005 for wrong `shapes`. Operators that
 * cannot be judged are in `refusals`, all of them, and do not throw.
 * @example
 * const report = checkModel(source, { shapes: { x: [1, 4] } })
 */
export function checkModel(
  bytes: Uint8Array,
  options: {
    shapes?: Shapes | undefined
    constants?: Constants | undefined
  } = {},
): ModelReport {
  const { graph, expansions, reasons } = admitGraph(parseOnnx(bytes), options)
  const analysis = analyseGraph(graph, 'source')
  const refusals = refusalsOf(graph.nodes, analysis, reasons)
  const shapes: ModelReport['shapes'] = {}
  for (const name of [
    ...graph.inputs.map((input) => input.name),
    ...graph.outputs,
  ]) {
    const type = analysis.types.get(name)
    if (type !== undefined) shapes[name] = type
  }
  return {
    class:
      refusals.length > 0
        ? null
        : analysis.verdicts.some(isFloat)
          ? 'float'
          : 'exact',
    operators: operatorsOf(graph.nodes, analysis, expansions),
    refusals,
    memoryBytes: analysis.bytes,
    flops: flopsOf(graph.nodes, analysis),
    products: productsOf(graph.nodes, analysis),
    shapes,
  }
}

/** Nodes that sum products, and those by a matrix of weights (SumRules). */
function productsOf(
  nodes: readonly GraphNode[],
  { constants }: Analysis,
): { count: number; blocked: number } {
  const products = nodes.filter(({ operator }) => sumsOfProducts.has(operator))
  return {
    count: products.length,
    blocked: products.filter(
      ({ operator, inputs }) =>
        (operator === 'MatMul' || operator === 'Gemm') &&
        constants.get(inputs[1] ?? '')?.dims.length === 2,
    ).length,
  }
}

const sumsOfProducts: ReadonlySet<string> = new Set([
  'MatMul',
  'Gemm',
  'Conv',
  'ConvTranspose',
])

/**
 * Every node that no checker judges, with the reason.
 *
 * @param composites Why a composite operator stayed, by its first result.
 */
export function refusalsOf(
  nodes: readonly GraphNode[],
  analysis: Analysis,
  composites: ReadonlyMap<string, string> = new Map(),
): Refusal[] {
  const producers = new Map(
    nodes.flatMap((node) => node.outputs.map((name) => [name, node])),
  )
  return nodes.flatMap((node, i) => {
    const verdict = analysis.verdicts[i]!
    if (verdict.kind !== 'refused') return []
    const name = node.name || node.outputs[0]
    const reason = composites.get(node.outputs[0] ?? '') ?? verdict.reason
    return {
      operator: operatorName(node),
      ...(name === undefined ? {} : { node: name }),
      reason,
      remedy:
        verdict.needs === undefined
          ? remedyOf(reason)
          : constantRemedy(sourcesOf(verdict.needs, producers, analysis)),
    }
  })
}

/** The inputs of the model that a value follows from. */
function sourcesOf(
  value: string,
  producers: ReadonlyMap<string, GraphNode>,
  { constants }: Analysis,
): string[] {
  const seen = new Set([value])
  // The set grows while it is walked through.
  for (const name of seen)
    for (const input of producers.get(name)?.inputs ?? [])
      if (input !== '' && !constants.has(input)) seen.add(input)
  return [...seen].filter((name) => !producers.has(name))
}

/** What to do where a constant is needed and these inputs decide its value. */
function constantRemedy(inputs: readonly string[]): string {
  const flags = inputs.slice(0, 3).map((name) => {
    const value = `${name}=VALUES`
    // As a shell takes it.
    return `--constant ${/^[\w.:/=-]+$/.test(value) ? value : JSON.stringify(value)}`
  })
  return `Make ${inputs.length === 1 ? 'the input that it follows from' : `the ${inputs.length} inputs that it follows from`} part of the model (\`${flags.join(' ')}${inputs.length > 3 ? ' ...' : ''}\`), or export the model with a constant there.`
}

/** What to change, by what a reason speaks of. */
function remedyOf(reason: string): string {
  if (reason.includes('(A9)'))
    return 'Split the operator into smaller ones: two halves of a sum and an Add, two rows and a Concat.'
  if (reason.includes('constant') || reason.includes('(C5)'))
    return 'Make that input part of the model: `--constant NAME=VALUES`, or export it as an initialiser.'
  if (reason.includes('saturate'))
    return 'Quantise the weights to 7 bits, or both factors with one signedness.'
  if (reason.includes('training mode')) return 'Export the model for inference.'
  if (reason.includes('element type') || reason.includes('other types'))
    return 'Export the model in float32, float16, int8, uint8, int32 or int64.'
  return 'Export the model with other operators, or decompose this one.'
}

function operatorsOf(
  nodes: readonly GraphNode[],
  analysis: Analysis,
  expansions: readonly Expansion[],
): OperatorReport[] {
  const { verdicts } = analysis
  const reports = new Map<
    string,
    { count: number; rules: Set<string>; proof?: ProofEstimate }
  >()
  // What it was replaced by is counted too.
  for (const { operator, rule } of expansions) {
    const report = reports.get(operator) ?? { count: 0, rules: new Set() }
    report.count++
    report.rules.add(rule)
    reports.set(operator, report)
  }
  const proofs = new Map<string, ProofEstimate>()
  let refused = new Set<string>()
  nodes.forEach((node, i) => {
    const verdict = verdicts[i]!
    const operator = operatorName(node)
    const report = reports.get(operator) ?? { count: 0, rules: new Set() }
    report.count++
    report.rules.add(ruleOf(verdict))
    if (verdict.kind === 'refused') refused = refused.add(operator)
    const proof = proofOf(node, verdict, analysis, proofs)
    if (proof !== undefined)
      report.proof = {
        bytes: Math.max(report.proof?.bytes ?? 0, proof.bytes),
        gas: Math.max(report.proof?.gas ?? 0, proof.gas),
      }
    reports.set(operator, report)
  })
  return [...reports]
    .map(([operator, { count, rules, proof }]) => ({
      operator,
      count,
      covered: !refused.has(operator),
      rule: [...rules].sort().join(', '),
      ...(proof && { proof }),
    }))
    .sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1))
}

/** What proving one element of a node wrong takes, at most. */
function proofOf(
  node: GraphNode,
  verdict: NodeVerdict,
  { types }: Analysis,
  known: Map<string, ProofEstimate>,
): ProofEstimate | undefined {
  if (verdict.kind !== 'checked') return undefined
  const { form, operator } = verdict
  const query = committedForm(
    form,
    node.inputs.map((name) => types.get(name)),
  )
  // Large models repeat themselves.
  const key = JSON.stringify(query)
  const proof =
    known.get(key) ??
    worstProof(checkerOf(form.opcode) ?? operator.checker, query)
  known.set(key, proof)
  return proof
}

function ruleOf(verdict: NodeVerdict): string {
  switch (verdict.kind) {
    case 'checked':
      return formClass(verdict.form)
    case 'folded':
      return 'folded into a constant'
    case 'rewritten':
      return verdict.rule
    case 'refused':
      return 'refused'
    case 'unknown':
      return 'shape unknown behind a refused operator'
  }
}

function operatorName(node: GraphNode): string {
  return node.domain === '' ? node.operator : `${node.domain}::${node.operator}`
}

function isFloat(verdict: NodeVerdict): boolean {
  return (
    verdict.kind === 'rewritten' ||
    (verdict.kind === 'checked' && formClass(verdict.form) === 'float')
  )
}

function flopsOf(nodes: readonly GraphNode[], analysis: Analysis): number {
  let flops = 0
  nodes.forEach((node, i) => {
    const verdict = analysis.verdicts[i]!
    if (verdict.kind !== 'checked') return
    const [result] = verdict.form.outputs
    const outputs = result ? elementCount(result.dims) : 0
    const [x, w] = node.inputs.map(
      (name) => analysis.types.get(name)?.dims ?? [],
    )
    switch (node.operator) {
      case 'Conv':
        flops += 2 * outputs * elementCount((w ?? []).slice(1))
        break
      case 'ConvTranspose':
        flops += 2 * elementCount(x ?? []) * elementCount((w ?? []).slice(1))
        break
      case 'MatMul':
        flops += 2 * outputs * (x?.at(-1) ?? 1)
        break
      case 'Gemm': {
        const columns = node.attributes.get('transB')
        const transposed =
          columns?.type === 'int' && columns.value === 1n ? 1 : 0
        flops += 2 * outputs * (w?.[transposed] ?? 1)
        break
      }
      default:
        flops += outputs
    }
  })
  return flops
}
