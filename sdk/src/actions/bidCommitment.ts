import { encodeAbiParameters, type Hex, keccak256 } from 'viem'

export type BidCommitmentParameters = {
  chainId: number
  jobId: Hex
  providerId: number
  /** In the order's currency. */
  price: bigint
  /** 32 random bytes. Without them the bid cannot be revealed, and the bond is lost. */
  salt: Hex
}

/**
 * Computes what `placeBid` commits to: it names the bidder, so that a copy is worthless.
 *
 * @example
 * bidCommitment({ chainId, jobId, providerId, price: 5n, salt })
 */
export function bidCommitment(parameters: BidCommitmentParameters): Hex {
  const { chainId, jobId, providerId, price, salt } = parameters
  return keccak256(
    encodeAbiParameters(
      [
        { type: 'uint256' },
        { type: 'bytes32' },
        { type: 'uint32' },
        { type: 'uint128' },
        { type: 'bytes32' },
      ],
      [BigInt(chainId), jobId, providerId, price, salt],
    ),
  )
}
