import type { BlobStore } from '@lynode/runtime'
import { nodeSha256 } from '@lynode/runtime'
import {
  byteLength,
  chunkCount,
  type Hex,
  type InputsDocument,
  inputRootOf,
  type Manifest,
  none,
  type TensorDocument,
} from '@lynode/sdk'
import type { Demands } from './demands.js'

/**
 * The inputs of an order whose data nobody serves: demanded on chain, chunk by
 * chunk, from the provider that ran them (A4). Their bytes go to `blobs`.
 *
 * @throws ExecutionOver when the demands go unanswered.
 */
export async function demandedInputs(
  demands: Demands,
  manifest: Manifest,
  inputRoot: Hex,
  steps: number,
  blobs: BlobStore,
): Promise<InputsDocument> {
  const list: TensorDocument[][] = []
  for (let step = 0; step < steps; step++) {
    const tensors: TensorDocument[] = []
    for (const [index, value] of manifest.values.entries()) {
      if (value.kind !== 'input') continue
      const slot = step === 0 ? value.slot : value.laterSlot
      // B4: a carried input is the output of the step before.
      if (slot === none) continue
      const bytes = await demands.value(
        step,
        index,
        chunkCount(byteLength(value.type)),
      )
      tensors[slot] = { ...value.type, dataRoot: await blobs.put(bytes) }
    }
    list.push(tensors)
  }
  const inputs: InputsDocument = { kind: 'inputs', steps: list }
  // Invariant: the contract took no opening that does not lead to this root.
  if (inputRootOf(inputs, nodeSha256) !== inputRoot)
    throw new Error('the opened inputs do not give the input root')
  return inputs
}
