import { createHash } from 'node:crypto'
import {
  type AllowanceUse,
  allowanceUse,
  canonicalise,
  fewTerms,
  nodeSha256,
  testedProfile,
} from '@lynode/runtime'
import {
  amendModel,
  chooseDerived,
  committedOperands,
  elementCount,
  type Judged,
  judgedManifest,
  type Manifest,
  none,
  readManifest,
  traceModel,
  weightReader,
} from '@lynode/sdk'
import type { DemoModel } from '../models/demoModels.js'
import { type Configuration, configurationName } from './configurations.js'
import { inputsOf } from './inputsOf.js'
import { TracedSession } from './tracedSession.js'
import { wordsFrom } from './wordsFrom.js'

/** How much of its allowance an operator takes on honest machines. */
export type OperatorUse = {
  model: string
  batch: number
  /** Execution provider that computed. */
  provider: Configuration['provider']
  /** Which have an allowance, or the operator itself; whether it reads derived values. */
  operator: string
  /** Whether it has an allowance beyond one correct rounding, which takes all of half an ulp. */
  room: boolean
  elements: number
  /** Elements outside their interval: none may be. */
  outside: number
  /** Elements of which anything is accepted (C2). */
  anything: number
  /** Largest |error| / allowance. */
  worst: number
  /** Where that was. */
  at: string
}

export type JudgeModelParameters = {
  model: DemoModel
  /** Inputs at a time. */
  batch: number
  /** Elements of each result that are judged. */
  samples: number
  seed: number
  configurations: readonly Configuration[]
}

/**
 * Runs a model in all configurations on several inputs and judges elements of
 * every node by the numeric profile of the execution provider. A node whose operands and results have bits that were judged before
 * is not judged again.
 */
export async function judgeModel(
  parameters: JudgeModelParameters,
): Promise<OperatorUse[]> {
  const { model, batch, samples, seed, configurations } = parameters
  const shapes = Object.fromEntries(
    Object.entries(batch === 1 ? model.shapes : model.batchShapes).map(
      ([name, [, ...dims]]) => [name, [batch, ...dims]],
    ),
  )
  const source = await model.file()
  const files = new Map<
    string,
    { committed: Uint8Array; derived: Uint8Array }
  >()
  for (const { provider } of configurations) {
    const profile = testedProfile(provider)
    if (files.has(provider)) continue
    const committed = await canonicalise(source, { shapes, profile })
    const derived = amendModel(
      committed,
      { derived: chooseDerived(readManifest(committed, nodeSha256)) },
      nodeSha256,
    )
    files.set(provider, { committed, derived })
  }
  const uses = new Map<string, OperatorUse>()
  const fresh = () => ({
    committed: new Set<string>(),
    derived: new Set<string>(),
  })
  const seen = { cpu: fresh(), webgpu: fresh() }
  for (const configuration of configurations) {
    const { provider, derived } = configuration
    const file = files.get(provider)?.[derived ? 'derived' : 'committed']
    if (file === undefined) throw new Error(`no model for ${provider}`)
    const manifest = readManifest(file, nodeSha256)
    const session = await TracedSession.open(
      traceModel(file, manifest),
      configuration,
    )
    try {
      for (const inputs of inputsOf(manifest, seed))
        judgeRun({
          model: model.name,
          batch,
          samples,
          manifest,
          weights: weightReader(file, manifest),
          random: wordsFrom(seed),
          seen: seen[provider][derived ? 'derived' : 'committed'],
          uses,
          values: await session.run(manifest, inputs),
          configuration,
        })
    } finally {
      await session.close()
    }
  }
  return [...uses.values()]
}

type Run = {
  model: string
  batch: number
  samples: number
  manifest: Manifest
  weights: (value: number) => Uint8Array | undefined
  random: () => number
  seen: Set<string>
  uses: Map<string, OperatorUse>
  /** Committed bytes by value, weights excepted. */
  values: Map<number, Uint8Array>
  configuration: Configuration
}

function judgeRun(run: Run): void {
  const { manifest, uses, values, samples } = run
  const judged = judgedManifest(manifest)
  const read = (index: number, offset: number, length: number) => {
    let bytes = values.get(index)
    if (bytes === undefined) {
      bytes = run.weights(index)
      if (bytes === undefined) throw new Error(`value ${index} is missing`)
      values.set(index, bytes)
    }
    return bytes.subarray(offset, offset + length)
  }
  const hashes = new Map<number, string>()
  const hashOf = (index: number): string => {
    const known = hashes.get(index)
    if (known !== undefined) return known
    const bytes = values.get(index)
    const hash =
      bytes === undefined
        ? 'weight'
        : createHash('sha1').update(bytes).digest('hex')
    hashes.set(index, hash)
    return hash
  }
  for (const [node, { outputs }] of manifest.nodes.entries()) {
    const behind = committedOperands(manifest, node)
    const key = [node, ...behind.map(hashOf), ...outputs.map(hashOf)].join()
    if (run.seen.has(key)) continue
    run.seen.add(key)
    for (const [output, index] of outputs.entries()) {
      const value = manifest.values[index]
      if (value === undefined || value.kind === 'derived') continue
      const count = elementCount(value.type.dims)
      for (let i = 0; i < samples; i++) {
        const element = run.random() % count
        const found = allowanceUse({
          manifest: judged,
          node,
          output,
          element,
          read,
        })
        const { judgement, use: share = 0 } = found
        const name = nameOf(found, judged, node)
        const { provider } = run.configuration
        const use = uses.get(`${provider} ${name}`) ?? {
          model: run.model,
          batch: run.batch,
          provider,
          operator: name,
          room: found.opcodes.length > 0,
          elements: 0,
          outside: 0,
          anything: 0,
          worst: 0,
          at: '',
        }
        uses.set(`${provider} ${name}`, use)
        use.elements++
        if (judgement.fraud) use.outside++
        if (judgement.honest.kind === 'any') use.anything++
        if (share <= use.worst && !judgement.fraud) continue
        use.worst = Math.max(share, use.worst)
        use.at = `${run.model}, batch ${run.batch}, ${configurationName(run.configuration)}: ${value.name}[${element}]`
      }
    }
  }
}

/** The operators whose allowance an element takes; its own where it is correctly rounded. */
function nameOf(
  { opcodes, terms }: AllowanceUse,
  manifest: Judged,
  node: number,
): string {
  const names = new Map<number, string>()
  const walk = (at: number): void => {
    const { opcode, operator, inputs } = manifest.nodeOf(at)
    names.set(opcode, operator)
    for (const input of inputs) {
      const value = input === none ? undefined : manifest.valueOf(input)
      if (value?.kind === 'derived') walk(value.node)
    }
  }
  walk(node)
  const { operator, opcode } = manifest.nodeOf(node)
  const allowed = opcodes.map((one) => names.get(one) ?? `opcode ${one}`)
  const behind = names.size > 1 || opcodes.some((one) => one !== opcode)
  return [
    allowed.length === 0 ? operator : allowed.join(' and '),
    ...(allowed.length > 0 && terms !== undefined && terms <= fewTerms
      ? [`of ${terms} terms`]
      : []),
    ...(behind ? ['derived'] : []),
  ].join(', ')
}
