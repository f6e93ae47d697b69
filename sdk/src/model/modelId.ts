import { encodeAbiParameters, keccak256 } from 'viem'
import type { Hex, ModelHeader } from '../types/manifest.js'

const header = [
  {
    type: 'tuple',
    components: [
      { name: 'manifestRoot', type: 'bytes32' },
      { name: 'fileRoot', type: 'bytes32' },
      { name: 'fileBytes', type: 'uint64' },
      { name: 'values', type: 'uint32' },
      { name: 'nodes', type: 'uint32' },
      { name: 'inputs', type: 'uint32' },
      { name: 'outputs', type: 'uint32' },
      { name: 'carried', type: 'uint32' },
      { name: 'activations', type: 'uint32' },
      { name: 'segment', type: 'uint32' },
      { name: 'profile', type: 'uint32' },
    ],
  },
] as const

/**
 * `keccak256(abi.encode(ModelHeader))` (docs/protocol.md section 3).
 *
 * @example
 * modelIdOf(manifest.header) === manifest.modelId // true
 */
export function modelIdOf(model: ModelHeader): Hex {
  return keccak256(encodeAbiParameters(header, [model]))
}
