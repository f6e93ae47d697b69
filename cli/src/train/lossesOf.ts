import {
  dtypes,
  type Manifest,
  type ResultDocument,
  type TensorDocument,
} from '@lynode/sdk'

/** The loss of one step of a job. */
export type StepLoss = {
  /** Steps of the job behind it. */
  ahead: number
  value: number
}

/** Most losses of a job that are fetched: each is a blob of its own. */
const mostLosses = 512

/** Losses that are fetched at once. */
const atOnce = 16

/**
 * The loss of each step of a worker's result; of a long job that of steps at
 * equal distances, the last one among them.
 *
 * @param fetch - Gets the bytes of a tensor.
 * @returns `undefined` where the step graph gives none.
 */
export async function lossesOf(
  { values }: Pick<Manifest, 'values'>,
  { steps }: ResultDocument,
  fetch: (tensor: TensorDocument) => Promise<Uint8Array>,
): Promise<StepLoss[] | undefined> {
  const value = values.find(
    ({ name, kind }) => kind === 'output' && name === 'loss',
  )
  if (value?.kind !== 'output' || value.type.dtype !== dtypes.float32)
    return undefined
  const apart = Math.ceil(steps.length / mostLosses)
  const wanted = steps
    .map(({ outputs }, i) => ({
      ahead: steps.length - 1 - i,
      tensor: outputs[value.slot],
    }))
    .filter(({ ahead }) => ahead % apart === 0)
  const losses: StepLoss[] = []
  const next = wanted.entries()
  const take = async () => {
    for (const [place, { ahead, tensor }] of next)
      losses[place] = { ahead, value: await read(tensor) }
  }
  await Promise.all(Array.from({ length: atOnce }, take))
  return losses

  async function read(tensor: TensorDocument | undefined): Promise<number> {
    if (tensor === undefined) return Number.NaN
    const bytes = await fetch(tensor)
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)
  }
}
