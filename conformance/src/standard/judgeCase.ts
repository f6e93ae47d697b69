import { readFileSync } from 'node:fs'
import type { Runner } from '@lynode/runtime'
import {
  bitsOf,
  committedIndex,
  elementBytes,
  elementCount,
  type Interval,
  isHonest,
  judgedManifest,
  judgeElement,
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
import { Failed } from './failed.js'
import { judgedElements, operatorOf } from './judgedElements.js'
import { judgeGraphics } from './judgeGraphics.js'
import type { StandardCase } from './listCases.js'
import { budget, costOf } from './readCost.js'

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
    const seen = new Set<string>()
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
    const onCard = others.filter(
      ({ configuration }) => configuration.provider === 'webgpu',
    )
    for (const { configuration, runner } of others) {
      if (configuration.provider === 'webgpu') continue
      const judged = judgeAll(
        await run(runner),
        result,
        seen,
        nameOf(configuration),
      )
      result.configurations++
      if (judged > 0) result.differing++
    }
    if (onCard.length > 0)
      await judgeGraphics(
        standard,
        { plain, onCard },
        execution,
        result,
        contract,
      )
    result.outcome = 'passed'
  } catch (error) {
    result.outcome = error instanceof Refused ? 'refused' : 'failed'
    result.reason = reasonOf(error)
  }
  return result
}

/**
 * Judges every element of every node that was not `seen`. Those of a further
 * configuration are not counted: how many there are is the machine's.
 *
 * @returns How many were judged.
 */
function judgeAll(
  execution: Execution,
  result: CaseResult,
  seen: Set<string>,
  configuration?: string,
): number {
  let judged = 0
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
      judged++
      if (configuration === undefined) {
        result.judged++
        if (honest.kind === 'any') result.anything++
      }
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
  return judged
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
