import {
  byteLength,
  type Dtype,
  LynodeError,
  type Manifest,
  sameType,
  toLogical,
} from '@lynode/sdk'
import type { Hex } from 'viem'
import { z } from 'zod'
import type { DataAccess } from './openData.js'

/** An output of a job: row-major little-endian bytes. */
export type FetchedOutput = {
  name: string
  dtype: Dtype
  dims: readonly number[]
  data: Uint8Array
}

const tensor = z.object({
  dtype: z.number(),
  dims: z.array(z.number()),
  perm: z.array(z.number()),
  dataRoot: z.custom<Hex>((value) => typeof value === 'string'),
})
const result = z.object({
  kind: z.literal('result'),
  steps: z.array(z.object({ outputs: z.array(tensor) })),
})

/**
 * Fetches the outputs of a one-step job. Every byte is checked against the
 * result root that the provider committed to.
 *
 * @param endpoint - Data server of the provider, asked first.
 * @throws LynodeError `LY-DAT-002` when the result is not of this model.
 */
export async function fetchOutputs(
  data: DataAccess,
  manifest: Manifest,
  resultRoot: Hex,
  endpoint: string,
): Promise<FetchedOutput[]> {
  const sources = endpoint === '' ? [] : [endpoint]
  const document = result.parse(
    await data.client.fetchDocument(resultRoot, sources),
  )
  const outputs = manifest.values.filter(({ kind }) => kind === 'output')
  const [step] = document.steps
  return Promise.all(
    outputs.map(async (value, index) => {
      const found = step?.outputs[index]
      if (found === undefined || !sameType(value.type, found as never))
        throw new LynodeError('LY-DAT-002', {
          shortMessage: 'The result does not have the outputs of the model',
          details: `output ${value.name} of ${resultRoot}`,
        })
      const bytes = byteLength(value.type)
      await data.client.fetchBlob(found.dataRoot, bytes, sources)
      return {
        name: value.name,
        dtype: value.type.dtype,
        dims: value.type.dims,
        data: toLogical(value.type, await data.blobs.read(found.dataRoot)),
      }
    }),
  )
}
