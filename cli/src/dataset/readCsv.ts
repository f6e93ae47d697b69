import { dtypes, type NpyArray } from '@lynode/sdk'
import { unusableDataset } from './dataset.js'

/** Arrays out of a table, and the names of classes. */
export type Table = {
  arrays: Map<string, NpyArray>
  classes: string[]
}

/**
 * Reads comma-separated numbers with a head line: one column is the label, the
 * others are the features `x`. Labels that are no whole numbers are classes.
 *
 * @param label Name of the label's column; default the last one.
 * @throws LynodeError `LY-TRN-005` naming the line that is wrong.
 */
export function readCsv(text: string, label?: string | undefined): Table {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const [head = '', ...rows] = lines
  const columns = head.split(',').map((name) => name.trim())
  const at = label === undefined ? columns.length - 1 : columns.indexOf(label)
  if (at < 0) throw unusableDataset(`there is no column ${label}`)
  if (columns.length < 2 || rows.length === 0)
    throw unusableDataset('a table has a head line, rows, features and a label')
  const features = new Float32Array(rows.length * (columns.length - 1))
  const texts: string[] = []
  let next = 0
  rows.forEach((row, i) => {
    const cells = row.split(',').map((cell) => cell.trim())
    if (cells.length !== columns.length)
      throw unusableDataset(
        `line ${i + 2} has ${cells.length} cells, the head has ${columns.length}`,
      )
    cells.forEach((cell, column) => {
      if (column === at) {
        texts.push(cell)
        return
      }
      const value = cell === '' ? Number.NaN : Number(cell)
      if (!Number.isFinite(value))
        throw unusableDataset(
          `line ${i + 2}, column ${columns[column]}: ${JSON.stringify(cell)} is no number`,
        )
      features[next++] = value
    })
  })
  const whole = texts.every((cell) => /^\d+$/.test(cell))
  const classes = whole ? [] : [...new Set(texts)].sort()
  const labels = Int32Array.from(texts, (cell) =>
    whole ? Number(cell) : classes.indexOf(cell),
  )
  return {
    classes,
    arrays: new Map([
      [
        'x',
        {
          dtype: dtypes.float32,
          dims: [rows.length, columns.length - 1],
          data: new Uint8Array(features.buffer),
        },
      ],
      [
        'labels',
        {
          dtype: dtypes.int32,
          dims: [rows.length],
          data: new Uint8Array(labels.buffer),
        },
      ],
    ]),
  }
}
