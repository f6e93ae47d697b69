import { byteLength, chunkCount, type TensorDocument } from '@lynode/sdk'
import type { Disputed } from './dispute.js'

/**
 * Has at hand what the provider carried out of a step, for a run of ours to begin
 * with: from its data server, else demanded on chain if that takes `mostBytes` at most.
 *
 * @returns Bytes that were demanded; `undefined` when it would take more.
 * @throws ExecutionOver when the demands go unanswered.
 */
export async function holdState(
  { demands, model, blobs, client }: Disputed,
  step: number,
  state: readonly TensorDocument[],
  mostBytes: number,
): Promise<number | undefined> {
  const withheld: { value: number; bytes: number }[] = []
  for (const [value, entry] of model.manifest.values.entries()) {
    if (entry.kind !== 'output' || !entry.carried) continue
    const { dataRoot } = state[entry.slot] ?? {}
    if (dataRoot === undefined || blobs.has(dataRoot)) continue
    const bytes = byteLength(entry.type)
    try {
      await client.fetchBlob(dataRoot, bytes)
    } catch {
      withheld.push({ value, bytes }) // it has to be demanded
    }
  }
  const demanded = withheld.reduce((sum, { bytes }) => sum + bytes, 0)
  if (demanded > mostBytes) return undefined
  for (const { value, bytes } of withheld)
    await blobs.put(await demands.value(step, value, chunkCount(bytes)))
  return demanded
}
