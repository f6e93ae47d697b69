import {
  type Commitments,
  type DemandRequest,
  judgedManifest,
  type Manifest,
  nameWitness,
  none,
  resolveValue,
} from '@lynode/sdk'
import type { BlobReader } from '../blobs/blobStore.js'
import { nodeSha256 } from '../hash/nodeSha256.js'

/**
 * Which positions of its row the element of a witness demand is made of (A8), as
 * an execution has them.
 *
 * @param options.reader - Has the committed bytes.
 */
export async function witnessOf(options: {
  manifest: Manifest
  commitments: Commitments
  request: Pick<DemandRequest, 'step' | 'value' | 'chunk'>
  reader: BlobReader
}): Promise<number[]> {
  const { manifest, commitments, request, reader } = options
  const { step, value, chunk: element } = request
  const node = manifest.nodes.findIndex(({ outputs }) =>
    outputs.includes(value),
  )
  const entry = manifest.nodes[node]
  if (entry === undefined) throw new Error(`no node makes value ${value}`)
  const bytes = new Map<number, Uint8Array>()
  for (const index of [...entry.inputs, ...entry.outputs]) {
    const own = manifest.values[index]
    if (index === none || own === undefined) continue
    const resolved = resolveValue(own, step, commitments, nodeSha256)
    if (resolved !== undefined)
      bytes.set(index, await reader.read(resolved.dataRoot))
  }
  return nameWitness({
    manifest: judgedManifest(manifest),
    node,
    output: entry.outputs.indexOf(value),
    element,
    read: (index, offset, length) => {
      const own = bytes.get(index)
      if (own === undefined) throw new Error(`value ${index} is not read`)
      return own.subarray(offset, offset + length)
    },
  })
}
