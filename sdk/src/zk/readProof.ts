import { bytesToHex, type Hex } from 'viem'
import { z } from 'zod'
import { LynodeError } from '../errors/lynodeError.js'
import { fieldOrder, fromFieldElement } from './fieldElements.js'

/** A proof as ezkl writes it. */
export type ZkProof = {
  proof: Hex
  /** Whole numbers: inputs, then outputs. */
  instances: bigint[]
}

/** Field elements as ezkl's JSON has them: hex, little-endian. */
const element = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => BigInt(`0x${text.match(/../g)?.reverse().join('')}`))
  .refine((value) => value < fieldOrder)

const proofFile = z.object({
  proof: z.array(z.int().min(0).max(255)).min(1),
  instances: z.array(z.array(element)),
})

/**
 * Reads a proof file. Only `proof` counts: ezkl does not bind `hex_proof`.
 *
 * @throws LynodeError `LY-ZK-014` for anything else.
 * @example
 * readProof(encodeProof({ proof: '0x00', instances: [1n] })).instances // [1n]
 */
export function readProof(bytes: Uint8Array): ZkProof {
  try {
    const { proof, instances } = proofFile.parse(
      JSON.parse(new TextDecoder().decode(bytes)),
    )
    return {
      proof: bytesToHex(Uint8Array.from(proof)),
      instances: instances.flat().map(fromFieldElement),
    }
  } catch (cause) {
    throw new LynodeError('LY-ZK-014', { details: 'not a proof', cause })
  }
}
