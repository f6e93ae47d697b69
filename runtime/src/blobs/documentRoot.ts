import {
  type Hex,
  hexToBytes,
  merkleRoot,
  type TensorType,
  tensorRoot,
} from '@lynode/sdk'
import { z } from 'zod'
import { RuntimeError } from '../errors/runtimeError.js'
import { nodeSha256 } from '../hash/nodeSha256.js'

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

type TensorDocument = z.infer<typeof tensor>

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
      return treeOf(parsed.data.steps.map(treeOfTensors))
    case 'result':
      return treeOf(
        parsed.data.steps.map(({ carried, outputs }) =>
          segmentRoot(treeOfTensors(carried), treeOf([treeOfTensors(outputs)])),
        ),
      )
    case 'trace':
      return treeOfTensors(parsed.data.tensors)
  }
}

/** `H(0x03 | carriedRoot | outputsRoot)` (B8). */
function segmentRoot(carriedRoot: Hex, outputsRoot: Hex): Hex {
  const bytes = Buffer.concat([
    Uint8Array.of(3),
    hexToBytes(carriedRoot),
    hexToBytes(outputsRoot),
  ])
  return `0x${Buffer.from(nodeSha256(bytes)).toString('hex')}`
}

function treeOfTensors(tensors: readonly TensorDocument[]): Hex {
  return treeOf(
    tensors.map((entry) =>
      tensorRoot(entry as TensorType, entry.dataRoot as Hex, nodeSha256),
    ),
  )
}

function treeOf(roots: readonly Hex[]): Hex {
  return merkleRoot(roots.map(hexToBytes), nodeSha256)
}
