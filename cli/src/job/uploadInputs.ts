import { documentRoot, uploadBlob } from '@lynode/runtime'
import {
  type InputsDocument,
  LynodeError,
  type ResultDocument,
  toCommitted,
} from '@lynode/sdk'
import type { Hex } from 'viem'
import type { BoundInput } from './bindInputs.js'

/**
 * Uploads the inputs of a one-step job and the document that lists them, to a
 * data server that outlives the command.
 *
 * @returns The `inputRoot` of an order on these inputs.
 * @throws LynodeError `LY-DAT-001` when the server does not take them.
 */
export async function uploadInputs(
  server: string,
  inputs: readonly BoundInput[],
): Promise<Hex> {
  const tensors = await Promise.all(
    inputs.map(async ({ value: { type }, array }) => ({
      dtype: type.dtype,
      dims: type.dims,
      perm: type.perm,
      dataRoot: await uploadBlob(
        server,
        new Uint8Array(toCommitted(type, array.data)),
      ),
    })),
  )
  return putDocument(server, { kind: 'inputs', steps: [tensors] })
}

/** Uploads a document; returns its root. @throws LynodeError `LY-DAT-001` */
export async function putDocument(
  server: string,
  document: InputsDocument | ResultDocument,
): Promise<Hex> {
  const root = documentRoot(document)
  const response = await fetch(`${server}/v1/bundles`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  }).catch((cause: unknown) => {
    throw new LynodeError('LY-DAT-001', { details: server, cause })
  })
  if (!response.ok)
    throw new LynodeError('LY-DAT-001', {
      details: `${server}: HTTP status ${response.status}`,
    })
  return root
}
