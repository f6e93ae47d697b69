import {
  elementCount,
  judgedManifest,
  judgeElement,
  type Manifest,
  type ProfileName,
  readManifest,
  traceModel,
  weightReader,
} from '@lynode/sdk'
import { errorText } from '../errors/errorText.js'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { canonicalise } from '../publish/canonicalise.js'
import type { Runner } from '../runner/runner.js'
import { trialInputs } from '../runner/trialInputs.js'
import { precisionModel, referenceModels } from './referenceModels.js'
import { testedProfile } from './testedProfile.js'

/** What the self-test says of this machine and its runner. */
export type SelfTestReport = {
  /** Whether the machine may take work. */
  passed: boolean
  /** By whose allowances it was judged. */
  profile: ProfileName
  /** Elements that were judged. */
  judged: number
  /** Why it may not, one line each; the first few. */
  faults: string[]
  /** Whether products are rounded to ten bits of mantissa, as TF32 does. */
  reducedPrecision: boolean
  seconds: number
}

export type SelfTestOptions = {
  runner: Pick<Runner, 'runNode' | 'optimise' | 'executionProvider'>
  /** Elements that are judged of each output of each node. Default 16. */
  sample?: number | undefined
}

const shownFaults = 5

/** Which trial inputs each model gets: spread over -4 to 4. */
const seed = 2

/**
 * Runs the reference models on the machine's own kernels, fast and traced, and
 * lets the twins of the on-chain checkers judge every node by the numeric profile
 * of its execution provider: a machine that fails could be convicted for honest
 * work, so it must never bid. Whether TF32 is off is measured, not assumed.
 *
 * @returns The verdict; it never throws for what the runner does.
 * @example
 * const { passed, faults } = await selfTest({ runner })
 */
export async function selfTest(
  options: SelfTestOptions,
): Promise<SelfTestReport> {
  const { runner, sample = 16 } = options
  const start = performance.now()
  const profile = testedProfile(runner.executionProvider)
  const report = {
    profile,
    judged: 0,
    faults: [] as string[],
    reducedPrecision: false,
  }
  try {
    report.reducedPrecision = await losesPrecision(runner)
    if (report.reducedPrecision)
      report.faults.push(
        'products are rounded to ten bits of mantissa: TF32 or float16 is on',
      )
    for (const { name, file } of referenceModels())
      await testModel(name, file, runner, sample, report)
  } catch (error) {
    report.faults.push(errorText(error))
  }
  return {
    ...report,
    passed: report.faults.length === 0,
    faults: report.faults.slice(0, shownFaults),
    seconds: (performance.now() - start) / 1_000,
  }
}

async function testModel(
  name: string,
  source: Uint8Array,
  runner: SelfTestOptions['runner'],
  sample: number,
  report: { profile: ProfileName; judged: number; faults: string[] },
): Promise<void> {
  const { profile } = report
  const file = await canonicalise(source, { runner, profile })
  const manifest = readManifest(file, nodeSha256)
  const judged = judgedManifest(manifest)
  const traced = traceModel(file, manifest)
  const weights = weightReader(file, manifest)
  const inputs = trialInputs(manifest, seed)
  const named = valuesOf(manifest, ['output'])
  const all = valuesOf(manifest, ['activation', 'output'])
  const fast = await runner.runNode({
    model: { bytes: file },
    inputs,
    outputs: named,
  })
  const full = await runner.runNode({
    model: { bytes: traced },
    inputs,
    outputs: all,
  })
  const known = new Map<string, Uint8Array>()
  for (const { name, source } of inputs)
    if ('bytes' in source) known.set(name, source.bytes)
  const roots = new Map<string, string>()
  for (const { name, data, dataRoot } of full.outputs) {
    if (data !== undefined) known.set(name, data)
    roots.set(name, dataRoot)
  }
  if (fast.outputs.some((one) => roots.get(one.name) !== one.dataRoot))
    report.faults.push(`${name}: the traced run gives other bits`)
  const bytesOf = (index: number): Uint8Array => {
    const value = manifest.values[index]?.name ?? ''
    const bytes = known.get(value) ?? weights(index)
    if (bytes === undefined) throw new Error(`no bytes of ${value}`)
    known.set(value, bytes)
    return bytes
  }
  for (const [index, node] of manifest.nodes.entries())
    for (const [output, value] of node.outputs.entries())
      for (const element of elementsOf(manifest, value, sample)) {
        const { fraud, claimed } = judgeElement({
          manifest: judged,
          node: index,
          output,
          element,
          read: (of, offset, length) =>
            bytesOf(of).subarray(offset, offset + length),
        })
        report.judged += 1
        if (fraud)
          report.faults.push(
            `${name}: element ${element} of ${node.operator} is 0x${claimed.toString(16)}, outside its bound`,
          )
      }
}

/** Whether 1 + 2^-12 survives a product: with a mantissa of ten bits it is 1. */
async function losesPrecision(
  runner: SelfTestOptions['runner'],
): Promise<boolean> {
  const file = await canonicalise(precisionModel().file, { runner })
  const manifest = readManifest(file, nodeSha256)
  const { outputs } = await runner.runNode({
    model: { bytes: file },
    inputs: valuesOf(manifest, ['input']).map(({ name, type }) => ({
      name,
      type,
      source: {
        bytes: new Uint8Array(
          new Float32Array(elementCount(type.dims)).fill(1 + 2 ** -12).buffer,
        ),
      },
    })),
    outputs: valuesOf(manifest, ['output']),
  })
  return outputs.some(({ data = new Uint8Array() }) =>
    // Every sum is a whole number of terms of 1 + 2^-12: none of them is whole.
    new Float32Array(data.slice().buffer).some((sum) => Number.isInteger(sum)),
  )
}

function valuesOf(manifest: Manifest, kinds: readonly string[]) {
  return manifest.values
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ name, type }) => ({ name, type }))
}

/** Elements spread over a value: always the first and the last. */
function elementsOf(
  manifest: Manifest,
  value: number,
  sample: number,
): number[] {
  const dims = manifest.values[value]?.type.dims ?? []
  const count = elementCount(dims)
  const wanted = Math.min(sample, count)
  return Array.from({ length: wanted }, (_, i) =>
    wanted === 1 ? 0 : Math.floor((i * (count - 1)) / (wanted - 1)),
  )
}
