import { readFile } from 'node:fs/promises'
import {
  miniLmFile,
  type OcrModelName,
  ocrModelFile,
  ocrModels,
} from '@lynode/script'
import { dtypes, elementCount, type TensorType } from '@lynode/sdk'

/** A real model with the shapes that it is measured at. */
export type DemoModel = {
  name: string
  file(): Promise<Uint8Array>
  shapes: Record<string, number[]>
  /** What it is judged at with 16 inputs at a time: smaller ones, whose traces fit. */
  batchShapes: Record<string, number[]>
}

/** Smaller pictures of the same models. */
const smallPictures: Record<OcrModelName, number[]> = {
  cls: [1, 3, 48, 96],
  rec: [1, 3, 48, 80],
  det: [1, 3, 96, 96],
}

/** Token inputs of MiniLM. */
const tokens = (count: number) => ({
  input_ids: [1, count],
  attention_mask: [1, count],
  token_type_ids: [1, count],
})

/** The reading models, and all-MiniLM-L6-v2 on 32 tokens. */
export const demoModels: readonly DemoModel[] = [
  ...(Object.keys(ocrModels) as OcrModelName[]).map((name) => ({
    name,
    file: async () => new Uint8Array(await readFile(ocrModelFile(name))),
    shapes: { x: [...ocrModels[name].shapes.x] },
    batchShapes: { x: smallPictures[name] },
  })),
  {
    name: 'MiniLM',
    file: async () => new Uint8Array(await readFile(await miniLmFile())),
    shapes: tokens(32),
    batchShapes: tokens(16),
  },
]

/**
 * Logical bytes of a random input: numbers between -1 and 1, as vision models
 * take them; tokens of MiniLM's vocabulary, all of one segment and none masked.
 *
 * @param random - Numbers from 0 to 1.
 */
export function randomInput(
  name: string,
  type: Pick<TensorType, 'dtype' | 'dims'>,
  random: () => number,
): Uint8Array {
  const length = elementCount(type.dims)
  if (type.dtype === dtypes.float32)
    return new Uint8Array(
      Float32Array.from({ length }, () => random() * 2 - 1).buffer,
    )
  if (type.dtype !== dtypes.int64)
    throw new Error(`no random input of dtype ${type.dtype}`)
  const token = () => {
    if (name === 'attention_mask') return 1n
    return name === 'input_ids' ? BigInt(Math.floor(random() * 30_522)) : 0n
  }
  return new Uint8Array(BigInt64Array.from({ length }, token).buffer)
}
