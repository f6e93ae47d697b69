import { hexToBytes } from '../hash/hex.js'
import type { Sha256 } from '../hash/sha256.js'
import { tensorHeader } from '../tensor/tensorRoot.js'
import { buildTree, leafHashes, type Tree } from '../tree/hashTree.js'
import {
  type Manifest,
  type ManifestNode,
  type ManifestValue,
  valueKinds,
} from '../types/manifest.js'

type Entries = Pick<Manifest, 'values' | 'nodes'>

/**
 * The entries of a manifest in order: values, then nodes (docs/protocol.md section 3).
 *
 * @example
 * encodeManifest(manifest).length // values, then nodes
 */
export function encodeManifest(manifest: Entries): Uint8Array[] {
  return [
    ...manifest.values.map(encodeValue),
    ...manifest.nodes.map(encodeNode),
  ]
}

/**
 * The tree over the entries.
 *
 * @example
 * manifestTree(manifest).root === manifest.header.manifestRoot // true
 */
export function manifestTree(manifest: Entries, sha256?: Sha256): Tree {
  return buildTree(leafHashes(encodeManifest(manifest), sha256), sha256)
}

/**
 * `0x10 | u8 kind | u8 flags | header | payload`.
 *
 * @example
 * bytesToHex(encodeValue(value)) // '0x10...'
 */
export function encodeValue(value: ManifestValue): Uint8Array {
  return concat(
    Uint8Array.of(0x10, valueKinds[value.kind], value.boundary ? 1 : 0),
    tensorHeader(value.type),
    payloadOf(value),
  )
}

/**
 * `0x20 | u16 opcode | u8 n | u32 inputs[n] | u8 m | u32 outputs[m] | u16 k | i32 attributes[k]`.
 *
 * @example
 * bytesToHex(encodeNode(node)) // '0x20...'
 */
export function encodeNode(node: ManifestNode): Uint8Array {
  return concat(
    Uint8Array.of(0x20),
    u16(node.opcode),
    Uint8Array.of(node.inputs.length),
    u32s(node.inputs),
    Uint8Array.of(node.outputs.length),
    u32s(node.outputs),
    u16(node.attributes.length),
    u32s(node.attributes),
  )
}

function payloadOf(value: ManifestValue): Uint8Array {
  switch (value.kind) {
    case 'input':
      return u32s([value.slot, value.laterSlot, value.carriedSlot])
    case 'weight':
      return hexToBytes(value.tensorRoot)
    case 'activation':
      return u32s([value.traceIndex])
    case 'derived':
      return u32s([value.node])
    case 'output':
      return u32s([value.carried ? 1 : 0, value.slot])
  }
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8)
}

/** 32-bit words; negative ones in two's complement. */
function u32s(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setUint32(4 * i, value >>> 0, true)
  })
  return bytes
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    parts.reduce((total, part) => total + part.length, 0),
  )
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
