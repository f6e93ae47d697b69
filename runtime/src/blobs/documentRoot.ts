import type { Hex } from '@lynode/sdk'
import { z } from 'zod'
import { RuntimeError } from '../errors/runtimeError.js'
import {
  inputTree,
  resultTree,
  treeOfTensors,
} from '../jobs/commitmentTrees.js'
import type {
  InputsDocument,
  ResultDocument,
  TraceDocument,
} from '../jobs/documents.js'

const tensor = z.strictObject({
  dtype: z.number().int(),
  dims: z
    .array(
      z
        .number()
        .int()
        .positive()
        .max(2 ** 31),
    )
    .max(16),
  perm: z.array(z.number().int().nonnegative()).max(16),
  dataRoot: z.string().regex(/^0x[0-9a-f]{64}$/),
})
const document = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('inputs'),
    steps: z.array(z.array(tensor)).min(1),
  }),
  z.strictObject({
    kind: z.literal('result'),
    steps: z
      .array(
        z.strictObject({ carried: z.array(tensor), outputs: z.array(tensor) }),
      )
      .min(1),
  }),
  z.strictObject({ kind: z.literal('trace'), tensors: z.array(tensor).min(1) }),
])

/**
 * The root that a document of docs/protocol.md section 7 hashes to.
 *
 * @throws RuntimeError `LY-DOC-001` when it is not such a document.
 */
export function documentRoot(json: unknown): Hex {
  const parsed = document.safeParse(json)
  if (!parsed.success)
    throw new RuntimeError(
      `not a document: ${z.prettifyError(parsed.error).split('\n')[0]}`,
      {
        code: 'LY-DOC-001',
        remedy: 'See docs/protocol.md section 7 for the three kinds.',
      },
    )
  switch (parsed.data.kind) {
    case 'inputs':
      return inputTree(parsed.data as InputsDocument).root
    case 'result':
      return resultTree(parsed.data as ResultDocument).root
    case 'trace':
      return treeOfTensors((parsed.data as TraceDocument).tensors).root
  }
}
