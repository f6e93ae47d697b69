// Hash trees and tensor commitments
export { bytesToHex, hexToBytes, isRoot } from './hash/hex.js'
export { defaultSha256, type Sha256 } from './hash/sha256.js'
export type {
  Checker,
  ElementQuery,
  InputType,
  Operand,
  Operator,
  OperatorAttribute,
  OperatorForm,
  OperatorNode,
  Range,
} from './operators/operator.js'
export { OperatorError } from './operators/operator.js'
export { committedIndex, logicalIndex } from './tensor/committedIndex.js'
export { toCommitted, toLogical } from './tensor/permuteBytes.js'
export { tensorHeader, tensorRoot, tensorRootOf } from './tensor/tensorRoot.js'
export {
  byteLength,
  committedDims,
  elementBytes,
  elementCount,
  identityPerm,
  isPerm,
  rowMajorStrides,
  sameType,
} from './tensor/tensorType.js'
export {
  blobRoot,
  chunkBytes,
  chunkCount,
  chunkHashes,
  dataTree,
} from './tree/blobRoot.js'
export {
  buildTree,
  leafHash,
  leafHashes,
  merkleRoot,
  type Tree,
} from './tree/hashTree.js'
export { multiproof } from './tree/multiproof.js'
export {
  nodeHash,
  rootFromMultiproof,
  verifyMultiproof,
} from './tree/verifyMultiproof.js'
export type { Interval } from './types/interval.js'
export {
  type Hex,
  type Manifest,
  type ManifestNode,
  type ManifestValue,
  type ModelHeader,
  none,
  valueKinds,
} from './types/manifest.js'
export {
  type Dtype,
  type DtypeName,
  dtypes,
  type TensorType,
} from './types/tensorType.js'
