import { hexToBytes } from 'viem'
import { toFieldElement } from './fieldElements.js'
import type { ZkProof } from './readProof.js'

/**
 * A proof in the form that ezkl's engine verifies.
 *
 * @example
 * encodeProof({ proof: '0x00', instances: [1n] })
 */
export function encodeProof({ proof, instances }: ZkProof): Uint8Array {
  const little = (value: bigint) =>
    value.toString(16).padStart(64, '0').match(/../g)?.reverse().join('') ?? ''
  return new TextEncoder().encode(
    JSON.stringify({
      protocol: null,
      instances: [instances.map((value) => little(toFieldElement(value)))],
      proof: [...hexToBytes(proof)],
      hex_proof: proof,
      transcript_type: 'EVM',
      split: null,
      pretty_public_inputs: null,
      timestamp: null,
      commitment: 'KZG',
      version: null,
    }),
  )
}
