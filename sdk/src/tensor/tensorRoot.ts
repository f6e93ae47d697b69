import { bytesToHex, hexToBytes } from '../hash/hex.js'
import { defaultSha256, type Sha256 } from '../hash/sha256.js'
import { dataTree } from '../tree/blobRoot.js'
import type { Hex } from '../types/manifest.js'
import type { TensorType } from '../types/tensorType.js'
import { toCommitted } from './permuteBytes.js'

/**
 * `u8 dtype | u8 rank | u32 dims[rank] | u8 perm[rank]` (B2).
 *
 * @example
 * bytesToHex(tensorHeader({ dtype: dtypes.uint8, dims: [2], perm: [0] })) // '0x02010200000000'
 */
export function tensorHeader(type: TensorType): Uint8Array {
  const rank = type.dims.length
  const header = new Uint8Array(2 + 5 * rank)
  const view = new DataView(header.buffer)
  header[0] = type.dtype
  header[1] = rank
  type.dims.forEach((dim, axis) => {
    view.setUint32(2 + 4 * axis, dim, true)
  })
  header.set(type.perm, 2 + 4 * rank)
  return header
}

/**
 * `H(0x02 | header | dataRoot)`: the commitment to one tensor.
 *
 * @example
 * tensorRoot(value.type, blobRoot(committed(0)))
 */
export function tensorRoot(
  type: TensorType,
  dataRoot: Hex,
  sha256: Sha256 = defaultSha256,
): Hex {
  const header = tensorHeader(type)
  const bytes = new Uint8Array(1 + header.length + 32)
  bytes[0] = 2
  bytes.set(header, 1)
  bytes.set(hexToBytes(dataRoot), 1 + header.length)
  return bytesToHex(sha256(bytes))
}

/**
 * Root of a tensor from its row-major bytes.
 *
 * @example
 * tensorRootOf({ dtype: dtypes.uint8, dims: [2], perm: [0] }, Uint8Array.of(1, 2))
 */
export function tensorRootOf(
  type: TensorType,
  logicalBytes: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Hex {
  const committed = toCommitted(type, logicalBytes)
  return tensorRoot(type, dataTree(committed, sha256).root, sha256)
}
