import { readFileSync } from 'node:fs'
import { PNG } from 'pngjs'

/** Height and width that the reading model is published with. */
export const lineHeight = 48
export const lineWidth = 320

/**
 * Reads a PNG of 320 x 48 as the input of PP-OCRv4 rec: channels B, G, R (the
 * order that its training read pictures in), each `(x / 255 - 0.5) / 0.5`.
 *
 * @param file - Path of the PNG.
 * @returns float32 of shape 1 x 3 x 48 x 320, row-major.
 */
export function readPicture(file: string): Float32Array {
  const { width, height, data } = PNG.sync.read(readFileSync(file))
  if (width !== lineWidth || height !== lineHeight)
    throw new Error(
      `${file} is ${width} x ${height}, not ${lineWidth} x ${lineHeight}`,
    )
  const plane = width * height
  const input = new Float32Array(3 * plane)
  for (let pixel = 0; pixel < plane; pixel++)
    for (let channel = 0; channel < 3; channel++) {
      const value = data[pixel * 4 + (2 - channel)] ?? 0
      input[channel * plane + pixel] = (value / 255 - 0.5) / 0.5
    }
  return input
}
