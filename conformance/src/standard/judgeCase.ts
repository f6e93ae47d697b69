import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  type AllowanceUse,
  allowanceUse,
  fewTerms,
  type Runner,
} from '@lynode/runtime'
import {
  bitsOf,
  committedIndex,
  elementBytes,
  elementCount,
  type Interval,
  isHonest,
  judgedManifest,
  judgeElement,
  none,
  parseTensor,
} from '@lynode/sdk'
import { type Configuration, nameOf } from '../execution/configurations.js'
import type { Contract } from '../execution/contract.js'
import { type Execution, execute } from '../execution/execute.js'
import { followIntervals } from '../execution/followIntervals.js'
import { pushedOutside } from '../execution/pushes.js'
import { shown } from '../execution/shown.js'
import { need } from '../need.js'
import { admitCase, Refused, reasonOf } from './admitCase.js'
import type { CaseResult } from './caseResult.js'
import { explained } from './explained.js'
import type { StandardCase } from './listCases.js'
import { budget, costOf, sampleStep } from './readCost.js'

/** Nodes of a model that runs on a graphics card too: shaders of large ones take minutes. */
const nodesOnGraphics = 4

/** A case that shows a fault of ours, or of the runtime's. */
class Failed extends Error {}

/** What a case is run on. */
export type CaseRunners = {
  /** How a provider computes by default. */
  plain: Runner
  /** Further configurations. */
  others: readonly { configuration: Configuration; runner: Runner }[]
}

/**
 * Admits one case, runs it on ONNX Runtime and judges it: every element inside
 * its interval, the expected outputs inside too, everything just outside convicted.
 * In further configurations what other kernels make of it is judged as well.
 */
export async function judgeCase(
  standard: StandardCase,
  { plain, others }: CaseRunners,
  contract: Contract | undefined,
): Promise<CaseResult> {
  const result: CaseResult = {
    case: standard.name,
    outcome: 'failed',
    operators: [],
    frozen: [],
    elements: 0,
    judged: 0,
    anything: 0,
    convicted: 0,
    convictedOnChain: 0,
    configurations: 1,
    differing: 0,
    use: {},
    graphics: {},
  }
  try {
    const { file, manifest, inputs } = await admitCase(standard, plain, result)
    const run = (runner: Runner) =>
      execute(runner, file, manifest, inputs).catch((error: unknown) => {
        throw new Failed(`an admitted model does not run: ${reasonOf(error)}`)
      })
    const execution = await run(plain)
    const [seen, drawn] = [new Set<string>(), new Set<string>()]
    judgeAll(execution, result, seen)
    await contract?.convict(execution, result)
    const outside = expectedOutside(execution, standard)
    const known = explained[standard.name]
    if (outside === undefined && known !== undefined)
      throw new Failed('the case is explained, but needs no explanation')
    if (outside !== undefined)
      throw known === undefined
        ? new Failed(outside)
        : new Refused(`${known}: ${outside}`)
    for (const { configuration, runner } of others)
      if (configuration.provider === 'webgpu') {
        if (manifest.nodes.length > nodesOnGraphics) continue
        await run(runner).then(
          (other) => judgeGraphics(other, result, drawn, configuration),
          (error: unknown) => {
            result.graphicsFault = reasonOf(error)
          },
        )
      } else {
        const before = result.judged
        judgeAll(await run(runner), result, seen, nameOf(configuration))
        result.configurations++
        if (result.judged > before) result.differing++
      }
    result.outcome = 'passed'
  } catch (error) {
    result.outcome = error instanceof Refused ? 'refused' : 'failed'
    result.reason = reasonOf(error)
  }
  return result
}

/**
 * Judges every element of every node whose operands and results have bits that
 * were not `seen`.
 */
function judgeAll(
  execution: Execution,
  result: CaseResult,
  seen: Set<string>,
  configuration?: string,
): void {
  for (const { node, type, name, count, elements } of judgedElements(
    execution,
    seen,
  )) {
    if (configuration === undefined) result.elements += count
    for (const { element, found } of elements) {
      const { honest, claimed, fraud } = found.judgement
      const where = () =>
        `${node.operator} ${name}[${element}] = ${shown(honest, claimed)}${configuration === undefined ? '' : ` (${configuration})`}`
      if (fraud) throw new Failed(`an honest run is convicted: ${where()}`)
      result.judged++
      if (honest.kind === 'any') result.anything++
      const outside = pushedOutside(
        honest,
        type.dtype,
        elementBytes(type.dtype) ?? 1,
      )
      for (const bits of outside)
        if (isHonest(honest, bits, type.dtype))
          throw new Failed(`a claim outside is accepted: ${where()}`)
      result.convicted += outside.length
      const key = operatorOf(node.operator, found)
      if (found.use !== undefined && found.use > (result.use[key]?.use ?? -1))
        result.use[key] = { use: found.use, at: `${result.case} ${where()}` }
    }
  }
}

/** Counts what a graphics card gets wrong, and how much of the allowances it takes. */
function judgeGraphics(
  execution: Execution,
  result: CaseResult,
  seen: Set<string>,
  configuration: Configuration,
): void {
  for (const { node, name, elements } of judgedElements(execution, seen))
    for (const { element, found } of elements) {
      const { honest, claimed, fraud } = found.judgement
      const key = operatorOf(node.operator, found)
      const known = result.graphics[key] ?? {
        use: 0,
        at: '',
        elements: 0,
        outside: 0,
      }
      result.graphics[key] = known
      known.elements++
      if (fraud) known.outside++
      const use = found.use ?? (fraud ? Number.MAX_VALUE : 0)
      if (use <= known.use) continue
      known.use = use
      known.at = `${result.case} ${node.operator} ${name}[${element}] = ${shown(honest, claimed)} (${nameOf(configuration)})`
    }
}

/** The operator, and the number of terms where a sum has few of them. */
function operatorOf(operator: string, { terms, use }: AllowanceUse): string {
  return terms !== undefined && terms <= fewTerms && use !== undefined
    ? `${operator} of ${terms} terms`
    : operator
}

/** The elements of an execution that are judged, result by result. */
function* judgedElements({ manifest, bytes }: Execution, seen: Set<string>) {
  const judged = judgedManifest(manifest)
  const all = costOf(manifest) <= budget
  const share = budget / manifest.nodes.length
  const bytesOf = (index: number) => need(bytes[index], `value ${index}`)
  for (const [index, node] of manifest.nodes.entries()) {
    const hash = createHash('sha1').update(`${index}`)
    for (const value of [...node.inputs, ...node.outputs])
      if (value !== none) hash.update(bytesOf(value))
    const key = hash.digest('hex')
    if (seen.has(key)) continue
    seen.add(key)
    for (const [output, value] of node.outputs.entries()) {
      const { type, name } = need(manifest.values[value], 'an output')
      const count = elementCount(type.dims)
      const step = all ? 1 : sampleStep(judged, index, output, count, share)
      const elements = function* () {
        for (let element = 0; element < count; element += step)
          yield {
            element,
            found: allowanceUse({
              manifest: judged,
              node: index,
              output,
              element,
              read: (of, offset, length) =>
                bytesOf(of).subarray(offset, offset + length),
            }),
          }
      }
      yield { node, type, name, count, elements: elements() }
    }
  }
}

/** Where the standard's output is not among what honest machines can produce. */
function expectedOutside(
  execution: Execution,
  { outputs }: StandardCase,
): string | undefined {
  const { manifest } = execution
  const small = costOf(manifest) <= budget
  const intervals = small ? followIntervals(execution) : undefined
  for (const [index, value] of manifest.values.entries()) {
    const path = value.kind === 'output' ? outputs[value.slot] : undefined
    if (path === undefined) continue
    const expected = parseTensor(readFileSync(path))
    const { dtype, dims } = value.type
    if (expected.dtype !== dtype || expected.dims.join() !== dims.join())
      throw new Failed(
        `${value.name} has type ${dtype} [${dims}], the standard says ${expected.dtype} [${expected.dims}]`,
      )
    const width = elementBytes(dtype) ?? 1
    const honest = intervals?.get(index) ?? ownIntervals(execution, index)
    for (const [element, interval] of honest.entries()) {
      const at = element * width
      const bits = bitsOf(expected.bytes.subarray(at, at + width))
      if (isHonest(interval, bits, dtype)) continue
      const own = need(execution.bytes[index], value.name)
      const k = committedIndex(value.type, element) * width
      return `the standard's output ${value.name}[${element}] = ${shown(interval, bits)} is outside; ONNX Runtime's is ${shown(interval, bitsOf(own.subarray(k, k + width)))}`
    }
  }
  return undefined
}

/** Intervals of an output from the execution's own operands. */
function ownIntervals(
  { manifest, bytes }: Execution,
  value: number,
): Interval[] {
  const node = manifest.nodes.findIndex(({ outputs }) =>
    outputs.includes(value),
  )
  const output = need(manifest.nodes[node], 'a node').outputs.indexOf(value)
  const { type } = need(manifest.values[value], 'an output')
  return Array.from(
    { length: elementCount(type.dims) },
    (_, element) =>
      judgeElement({
        manifest: judgedManifest(manifest),
        node,
        output,
        element,
        read: (of, offset, length) =>
          need(bytes[of], `value ${of}`).subarray(offset, offset + length),
      }).honest,
  )
}
