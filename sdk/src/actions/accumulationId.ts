import {
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
} from 'viem'
import type { Place } from '../types/fraudProof.js'

/**
 * Computes the id of an accumulation, as `Accumulations.accumulationIdOf` does.
 *
 * @example
 * accumulationId({ execId, opener: account.address, place })
 */
export function accumulationId(parameters: {
  execId: Hex
  opener: Address
  place: Place
}): Hex {
  const { execId, opener, place } = parameters
  return keccak256(
    encodeAbiParameters(
      parseAbiParameters([
        'bytes32 execId, address opener, Place place',
        'struct Place { uint32 step; uint32 node; uint32 output; uint32 element; uint256 hint; }',
      ]),
      [execId, opener, place],
    ),
  )
}
