import {
  type InputsDocument,
  type Order,
  parseInputsDocument,
} from '@lynode/sdk'
import type { BlobClient } from '../blobs/blobClient.js'
import type { LoadedModel } from '../models/modelLibrary.js'
import { inputBlobs } from './stepInputs.js'

/**
 * Gets the inputs document of an order and every blob behind it, checked
 * against `inputRoot` and the types of the model.
 *
 * @param more - Sources to ask before the usual ones.
 * @throws LynodeError `LY-BLOB-005` when a part cannot be had, LynodeError
 * `LY-DAT-002` when the inputs do not fit the model.
 */
export async function fetchInputs(
  blobClient: BlobClient,
  model: LoadedModel,
  order: Pick<Order, 'inputRoot' | 'steps'>,
  more: readonly string[] = [],
): Promise<InputsDocument> {
  const inputs = parseInputsDocument(
    await blobClient.fetchDocument(order.inputRoot, more),
  )
  for (const { root, bytes } of inputBlobs(model.manifest, inputs, order.steps))
    await blobClient.fetchBlob(root, bytes, more)
  return inputs
}
