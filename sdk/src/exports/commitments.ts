// What a process needs that only commits to tensors: it starts in a tenth of
// the time that the whole package takes to load.

export { toCommitted, toLogical } from '../tensor/permuteBytes.js'
export { tensorRoot } from '../tensor/tensorRoot.js'
export { elementBytes } from '../tensor/tensorType.js'
export { dataTree } from '../tree/blobRoot.js'
export { type DtypeName, dtypes, type TensorType } from '../types/tensorType.js'
