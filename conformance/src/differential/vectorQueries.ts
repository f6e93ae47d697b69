import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ElementQuery, hexToBytes, type TensorType } from '@lynode/sdk'
import { workspaceRoot } from '../workspace.js'

type StoredType = TensorType | { dtype: 0; dims: []; perm: [] }
type StoredVector = {
  query: Omit<ElementQuery, 'inputs'> & { inputs: StoredType[] }
  operands: { data: `0x${string}`; derived: unknown[] }[]
}

/** A form of a node, and operands that suit it. */
export type Form = {
  query: ElementQuery
  /** Whether the operator takes derived operands. */
  derivable: boolean
  /** Bytes of each operand in the committed vector: constants, indices in range. */
  data: readonly Uint8Array[]
}

/** Forms of nodes that the committed vectors have, by name of their file. */
export function vectorQueries(): Map<string, Form[]> {
  const folder = join(workspaceRoot, 'sdk', 'src', 'vectors', 'operators')
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => {
        const { vectors } = JSON.parse(
          readFileSync(join(folder, file), 'utf8'),
        ) as { vectors: StoredVector[] }
        const derivable = vectors.some(({ operands }) =>
          operands.some(({ derived }) => derived.length > 0),
        )
        return [
          file.replace('.json', ''),
          vectors.map(({ query, operands }) => ({
            query: {
              ...query,
              inputs: query.inputs.map((type) =>
                type.dtype === 0 ? undefined : type,
              ),
            },
            derivable,
            data: operands.map(({ data }) => hexToBytes(data)),
          })),
        ]
      }),
  )
}
