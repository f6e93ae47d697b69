import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import {
  dtypes,
  elementCount,
  parseOnnx,
  readManifest,
  toCommitted,
  toLogical,
  trainedModel,
} from '@lynode/sdk'
import { openDataset, readShard, unusableDataset } from '../dataset/dataset.js'
import type { PlanFile } from './planFile.js'
import type { PreparedTraining } from './prepareTraining.js'

/**
 * Share of held-out samples whose greatest output is their label, computed on
 * this machine with the weights of a checkpoint.
 */
export async function evaluate(
  { graph, step: { parameters } }: PreparedTraining,
  { evaluate: settings, data: { arrays, scale } }: PlanFile,
  values: Uint8Array,
): Promise<{ accuracy: number; samples: number } | undefined> {
  if (settings === undefined) return undefined
  const dataset = openDataset(settings.folder)
  const [input] = parseOnnx(graph).inputs
  if (input === undefined) throw unusableDataset('the model has no input')
  const labelName = arrays['labels'] ?? 'labels'
  const array = readShard(dataset, arrays[input.name] ?? input.name, 0)
  const labels = new Int32Array(
    new Uint8Array(readShard(dataset, labelName, 0).data).buffer,
  )

  const runner = new Runner()
  try {
    // A dynamic batch takes all samples at once; a static one goes in parts.
    const batch = input.dims?.[0] ?? dataset.samples
    const dims = [batch, ...(array.dims.slice(1) as number[])]
    const file = await canonicalise(trainedModel(graph, parameters, values), {
      shapes: { [input.name]: dims },
      runner,
    })
    const manifest = readManifest(file, nodeSha256)
    const from = manifest.values.find(({ kind }) => kind === 'input')
    const to = manifest.values.find(({ name }) => name === settings.output)
    if (from === undefined || to === undefined)
      throw unusableDataset(`the model has no output ${settings.output}`)
    const classes = to.type.dims.at(-1) ?? 1
    let right = 0
    let seen = 0
    for (let first = 0; first + batch <= dataset.samples; first += batch) {
      const { outputs } = await runner.runNode({
        model: { bytes: file },
        inputs: [
          {
            name: from.name,
            type: from.type,
            source: {
              bytes: toCommitted(
                from.type,
                floats(array, first, elementCount(dims), scale),
              ),
            },
          },
        ],
        outputs: [{ name: to.name, type: to.type }],
      })
      const data = toLogical(to.type, outputs[0]?.data ?? new Uint8Array())
      const scores = new Float32Array(new Uint8Array(data).buffer)
      for (let i = 0; i < batch; i++, seen++)
        if (greatest(scores, i * classes, classes) === labels[first + i])
          right++
    }
    return { accuracy: right / Math.max(1, seen), samples: seen }
  } finally {
    await runner.close()
  }
}

/** Samples as the model reads them. */
function floats(
  array: { dtype: number; dims: readonly number[]; data: Uint8Array },
  first: number,
  count: number,
  scale: number,
): Uint8Array {
  const size = elementCount(array.dims.slice(1))
  const from = first * size
  if (array.dtype === dtypes.uint8)
    return new Uint8Array(
      Float32Array.from(
        array.data.subarray(from, from + count),
        (byte) => byte * scale,
      ).buffer,
    )
  return array.data.slice(4 * from, 4 * (from + count))
}

function greatest(scores: Float32Array, from: number, count: number): number {
  let best = 0
  for (let i = 1; i < count; i++)
    if ((scores[from + i] ?? 0) > (scores[from + best] ?? 0)) best = i
  return best
}
