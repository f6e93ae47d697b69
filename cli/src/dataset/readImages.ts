import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dtypes } from '@lynode/sdk'
import { PNG } from 'pngjs'
import { unusableDataset } from './dataset.js'
import type { Table } from './readCsv.js'

/**
 * Reads a folder with one folder of PNG files a class: `x` as bytes [samples,
 * channels, height, width], `labels` as places of the classes' names in order.
 *
 * @param grey One channel (the mean of three) instead of three.
 * @throws LynodeError `LY-TRN-005` when pictures differ in size or are none.
 */
export function readImages(folder: string, grey = false): Table {
  const classes = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const channels = grey ? 1 : 3
  const pictures: Uint8Array[] = []
  const labels: number[] = []
  let size: { width: number; height: number } | undefined
  classes.forEach((name, label) => {
    const files = readdirSync(join(folder, name)).sort()
    for (const file of files.filter((entry) => /\.png$/i.test(entry))) {
      const path = join(folder, name, file)
      const { width, height, data } = decode(path)
      size ??= { width, height }
      if (width !== size.width || height !== size.height)
        throw unusableDataset(
          `${path} is ${width} by ${height}, the first is ${size.width} by ${size.height}`,
        )
      pictures.push(planes(data, width * height, grey))
      labels.push(label)
    }
  })
  if (size === undefined)
    throw unusableDataset(`${folder} has no folders with PNG files`)
  const bytes = new Uint8Array(
    pictures.length * channels * size.width * size.height,
  )
  pictures.forEach((picture, i) => {
    bytes.set(picture, i * picture.length)
  })
  return {
    classes,
    arrays: new Map([
      [
        'x',
        {
          dtype: dtypes.uint8,
          dims: [pictures.length, channels, size.height, size.width],
          data: bytes,
        },
      ],
      [
        'labels',
        {
          dtype: dtypes.int32,
          dims: [labels.length],
          data: new Uint8Array(Int32Array.from(labels).buffer),
        },
      ],
    ]),
  }
}

function decode(path: string): PNG {
  try {
    return PNG.sync.read(readFileSync(path))
  } catch (cause) {
    throw unusableDataset(`${path} is no PNG file`, cause)
  }
}

/** Out of RGBA pixels, one plane a channel. */
function planes(rgba: Uint8Array, pixels: number, grey: boolean): Uint8Array {
  const out = new Uint8Array(pixels * (grey ? 1 : 3))
  for (let i = 0; i < pixels; i++) {
    const at = (channel: number) => rgba[4 * i + channel] ?? 0
    if (grey) out[i] = Math.round((at(0) + at(1) + at(2)) / 3)
    else
      for (let channel = 0; channel < 3; channel++)
        out[channel * pixels + i] = at(channel)
  }
  return out
}
