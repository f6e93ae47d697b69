import { createHash } from 'node:crypto'
import { canonicalise, nodeSha256 } from '@lynode/runtime'
import {
  amendModel,
  chooseDerived,
  committedOperands,
  elementCount,
  floatKey,
  type Judgement,
  judgedManifest,
  judgeElement,
  type Manifest,
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
  operator: string
  /** Whether its only allowance is one correct rounding: there half an ulp is all of it. */
  rounded: boolean
  elements: number
  /** Elements outside their interval: none may be. */
  outside: number
  /** Elements of which anything is accepted (C2). */
  anything: number
  /** Largest distance from the middle of the interval, in half widths. */
  worst: number
  /** Where that was. */
  at: string
}

/** Operators whose interval is one rounding of an exact result. */
const rounded = new Set(['Add', 'Sub', 'Mul', 'HardSigmoid', 'LeakyRelu'])

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
 * every node. A node whose operands and results have bits that were judged before
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
  const committed = await canonicalise(await model.file(), { shapes })
  const derived = amendModel(
    committed,
    { derived: chooseDerived(readManifest(committed, nodeSha256)) },
    nodeSha256,
  )
  const uses = new Map<string, OperatorUse>()
  const seen = { committed: new Set<string>(), derived: new Set<string>() }
  for (const configuration of configurations) {
    const file = configuration.derived ? derived : committed
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
          seen: configuration.derived ? seen.derived : seen.committed,
          uses,
          values: await session.run(manifest, inputs),
          where: configurationName(configuration),
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
  where: string
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
  for (const [node, { operator, outputs }] of manifest.nodes.entries()) {
    const behind = committedOperands(manifest, node)
    const chain = operatorsBehind(manifest, node)
    const chained = chain.length > 1
    const key = [node, ...behind.map(hashOf), ...outputs.map(hashOf)].join()
    if (run.seen.has(key)) continue
    run.seen.add(key)
    for (const [output, index] of outputs.entries()) {
      const value = manifest.values[index]
      if (value === undefined || value.kind === 'derived') continue
      const exact = chain.every((one) => rounded.has(one))
      const what = exact ? 'rounded values' : 'derived values'
      const name = chained ? `${operator} behind ${what}` : operator
      const use = uses.get(name) ?? {
        model: run.model,
        batch: run.batch,
        operator: name,
        rounded: exact,
        elements: 0,
        outside: 0,
        anything: 0,
        worst: 0,
        at: '',
      }
      uses.set(name, use)
      const count = elementCount(value.type.dims)
      for (let i = 0; i < samples; i++) {
        const element = run.random() % count
        const judgement = judgeElement({
          manifest: judged,
          node,
          output,
          element,
          read,
        })
        use.elements++
        if (judgement.fraud) use.outside++
        if (judgement.honest.kind === 'any') use.anything++
        const share = shareOf(judgement)
        if (share <= use.worst && !judgement.fraud) continue
        use.worst = Math.max(share, use.worst)
        use.at = `${run.model}, batch ${run.batch}, ${run.where}: ${value.name}[${element}]`
      }
    }
  }
}

/** Operators of a node and of those behind its derived operands. */
function operatorsBehind(manifest: Manifest, node: number): string[] {
  const { operator = '', inputs = [] } = manifest.nodes[node] ?? {}
  const behind = inputs.flatMap((input) => {
    const value = manifest.values[input]
    return value?.kind === 'derived'
      ? operatorsBehind(manifest, value.node)
      : []
  })
  return [operator, ...behind]
}

/** Distance from the middle of the interval in half widths; above 1 is outside. */
function shareOf({ honest, claimed }: Judgement): number {
  if (honest.kind !== 'float' || honest.low === honest.high) return 0
  const [low, high, value] = [honest.low, honest.high, floatKey(claimed)].map(
    floatOfKey,
  ) as [number, number, number]
  const half = (high - low) / 2
  return half > 0 && Number.isFinite(half)
    ? Math.abs(value - (low + half)) / half
    : 0
}

function floatOfKey(key: bigint): number {
  const bits = key < 0n ? Number(-key) + 2 ** 31 : Number(key)
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, bits)
  return view.getFloat32(0)
}
