import { tensorData } from '../../onnx/tensorData.js'
import { OperatorError } from '../../operators/operator.js'
import { elementBytes } from '../../tensor/tensorType.js'
import { dtypes } from '../../types/tensorType.js'
import {
  type Composite,
  firstResult,
  intAttribute,
  nameOf,
  typeOf,
} from './composite.js'

/** ONNX Trilu with a constant diagonal: chosen by a constant mask. */
export const trilu: Composite = {
  rule: 'becomes Where with a constant mask',
  expand(composite, build) {
    const { node, constants } = composite
    const { dtype, dims } = typeOf(composite, 0)
    const [rows = 1, columns = 1] = dims.slice(-2)
    const given = constants[1]
    if (given === undefined && nameOf(composite, 1) !== undefined)
      throw new OperatorError('Trilu: its diagonal must be a constant', 1)
    const diagonal = given === undefined ? 0 : Number(tensorData(given)[0])
    const upper = intAttribute(node, 'upper', 1) !== 0
    const bytes = new Uint8Array(rows * columns)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const distance = column - row - diagonal
        const kept = upper ? distance >= 0 : distance <= 0
        bytes[row * columns + column] = kept ? 1 : 0
      }
    const mask = build.constant({
      dtype: dtypes.bool,
      dims: [rows, columns],
      bytes,
    })
    const zero = build.constant({
      dtype,
      dims: [],
      bytes: new Uint8Array(elementBytes(dtype) ?? 8),
    })
    const x = nameOf(composite, 0) ?? ''
    build.add('Where', [mask, x, zero], {}, firstResult(node))
  },
}
