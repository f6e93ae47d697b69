import type { Sha256 } from '../hash/sha256.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { readMetadata, writeMetadata } from './metadata.js'
import { readManifest } from './readManifest.js'

/**
 * The same canonical file with other derived values (B5) or values that native
 * execution declares: another model id over the same graph.
 *
 * @throws LynodeError LY-MDL-001 when the values cannot be derived, LY-MDL-003
 * when a proof would be too large.
 * @example
 * const derived = amendModel(file, { derived: chooseDerived(manifest) })
 */
export function amendModel(
  file: Uint8Array,
  amendment: {
    derived?: readonly string[] | undefined
    unfused?: readonly string[] | undefined
  },
  sha256?: Sha256,
): Uint8Array {
  const graph = parseOnnx(file)
  const known = readMetadata(graph.metadata)
  const given = Object.fromEntries(
    Object.entries(amendment).filter(([, value]) => value !== undefined),
  )
  const amended = encodeOnnx({
    ...graph,
    metadata: writeMetadata({ ...known, ...given }),
  })
  // Nothing is published that a reader would refuse.
  readManifest(amended, sha256)
  return amended
}

/**
 * Values that native execution declares besides the outputs (docs/protocol.md section 3).
 *
 * @example
 * unfusedValues(file) // []
 */
export function unfusedValues(file: Uint8Array): readonly string[] {
  return readMetadata(parseOnnx(file).metadata).unfused
}
