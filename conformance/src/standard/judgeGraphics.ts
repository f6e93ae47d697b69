import { type Runner, testedProfile } from '@lynode/runtime'
import { elementBytes, isHonest } from '@lynode/sdk'
import { type Configuration, nameOf } from '../execution/configurations.js'
import type { Contract } from '../execution/contract.js'
import { type Execution, execute } from '../execution/execute.js'
import { pushedOutside } from '../execution/pushes.js'
import { shown } from '../execution/shown.js'
import { admitCase, Refused, reasonOf } from './admitCase.js'
import type { CaseResult } from './caseResult.js'
import { Failed } from './failed.js'
import { judgedElements, operatorOf } from './judgedElements.js'
import type { StandardCase } from './listCases.js'

/**
 * A case on a graphics card, by the numeric profile of WebGPU: what the card gives
 * must be inside, and what the processor gave as well, since the profile contains
 * the plain one.
 *
 * @param own What the processor gave.
 * @throws Failed where an element is outside, or one pushed outside is accepted.
 */
export async function judgeGraphics(
  standard: StandardCase,
  {
    plain,
    onCard,
  }: {
    plain: Runner
    onCard: readonly { configuration: Configuration; runner: Runner }[]
  },
  own: Execution,
  result: CaseResult,
  contract: Contract | undefined,
): Promise<void> {
  const admitted = await admitCase(
    standard,
    plain,
    result,
    testedProfile('webgpu'),
  ).catch((error: unknown) => {
    // The profile takes fewer forms than the plain one, under which it was judged.
    if (error instanceof Refused) result.graphicsFault = reasonOf(error)
    else throw error
  })
  if (admitted === undefined) return
  const { file, manifest, inputs } = admitted
  const seen = new Set<string>()
  const faults = judge({ ...own, manifest }, seen, 'cpu')
  for (const { configuration, runner } of onCard) {
    let execution: Execution
    try {
      execution = await execute(runner, file, manifest, inputs)
    } catch (error) {
      result.graphicsFault = reasonOf(error)
      continue
    }
    faults.push(...judge(execution, seen, nameOf(configuration), result))
    if (faults.length === 0) await contract?.convict(execution, result)
  }
  if (faults[0] !== undefined) throw new Failed(faults[0])
}

/** Judges all that was not `seen`. @returns What is wrong. */
function judge(
  execution: Execution,
  seen: Set<string>,
  configuration: string,
  result?: CaseResult,
): string[] {
  const faults: string[] = []
  for (const { node, type, name, elements } of judgedElements(execution, seen))
    for (const { element, found } of elements) {
      const { honest, claimed, fraud } = found.judgement
      const at = () =>
        `${node.operator} ${name}[${element}] = ${shown(honest, claimed)} (${configuration})`
      if (fraud) faults.push(`outside profile 3: ${at()}`)
      const width = elementBytes(type.dtype) ?? 1
      for (const bits of pushedOutside(honest, type.dtype, width))
        if (isHonest(honest, bits, type.dtype))
          faults.push(`a claim outside profile 3 is accepted: ${at()}`)
      if (result === undefined) continue
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
      known.at = `${result.case} ${at()}`
    }
  return faults
}
