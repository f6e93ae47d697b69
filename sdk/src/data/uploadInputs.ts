import { LynodeError } from '../errors/lynodeError.js'
import type { InputsDocument, ResultDocument } from '../job/documents.js'
import { inputRootOf, resultRootOf } from '../job/roots.js'
import { reasonOf } from '../relay/askRelay.js'
import type { BoundInput } from '../run/bindInputs.js'
import { toCommitted } from '../tensor/permuteBytes.js'
import type { Hex } from '../types/manifest.js'
import { type UploadOptions, uploadBlob } from './uploadBlob.js'

/**
 * Uploads the inputs of a one-step job and the document that lists them, to a
 * data server that outlives the caller.
 *
 * @param server - Base URL.
 * @returns The `inputRoot` of an order on these inputs.
 * @throws LynodeError `LY-BLOB-006` or `LY-DAT-001` when it does not take them.
 * @example
 * const inputRoot = await uploadInputs(server, bindInputs(manifest, { x: [1, 2, -3, 0.5] }))
 */
export async function uploadInputs(
  server: string,
  inputs: readonly BoundInput[],
  options: UploadOptions = {},
): Promise<Hex> {
  const tensors = await Promise.all(
    inputs.map(async ({ value: { type }, array }) => ({
      dtype: type.dtype,
      dims: type.dims,
      perm: type.perm,
      dataRoot: await uploadBlob(
        server,
        new Uint8Array(toCommitted(type, array.data)),
        options,
      ),
    })),
  )
  return uploadDocument(server, { kind: 'inputs', steps: [tensors] }, options)
}

/**
 * Uploads an inputs document, or a result that becomes the input of another job.
 *
 * @returns Its root.
 * @throws LynodeError `LY-DAT-001` when the server does not take it.
 * @example
 * const inputRoot = await uploadDocument(server, { kind: 'inputs', steps })
 */
export async function uploadDocument(
  server: string,
  document: InputsDocument | ResultDocument,
  { sha256, signal }: UploadOptions = {},
): Promise<Hex> {
  const root =
    document.kind === 'inputs'
      ? inputRootOf(document, sha256)
      : resultRootOf(document, sha256)
  const url = `${server.replace(/\/+$/, '')}/v1/bundles`
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw new LynodeError('LY-DAT-001', {
      details: `${server}: ${reasonOf(cause)}`,
      cause,
    })
  })
  if (!response.ok)
    throw new LynodeError('LY-DAT-001', {
      details: `${server}: HTTP status ${response.status}`,
    })
  return root
}
