import { parametersAbi } from '@lynode/sdk'
import { formatEther, type Hex, type PublicClient, stringToHex } from 'viem'

/** What a machine was found to be. */
export type Machine = {
  cores: number
  memoryBytes: number
  /** Operations of a second in matrix products, as models run. */
  flops: number
}

/** Values that `lynode init` proposes. */
export type Proposal = {
  threads: number
  memoryMiB: number
  maxJobs: number
  deadlineSeconds: number
  /** LYN, as the file has them. */
  minPrice: string
  pricePerSecond: string
}

/** Gas of a lock, a delivery and a settlement. */
export const gasOfJob = 260_000n

/** Part of a month in which a machine computes for others. */
const busyShare = 0.3

const secondsOfMonth = 30 * 24 * 3_600

/** Memory that the system and the daemon itself keep. */
const ownMiB = 1_024

/**
 * Limits that this machine bears, and prices that cover it: a job pays at least twice its
 * own transactions, and its seconds pay for the month.
 *
 * @param monthCost - LYN that a month of this machine costs its owner.
 * @param weiPerGas - LYN that the protocol repays for a unit of gas.
 */
export function proposeSettings(
  machine: Machine,
  monthCost: number,
  weiPerGas: bigint,
): Proposal {
  const memoryMiB = Math.floor(machine.memoryBytes / 2 ** 20)
  const perSecond = monthCost / (secondsOfMonth * busyShare)
  return {
    // All cores but one, which watches the chain and serves data.
    threads: Math.max(1, machine.cores - 1),
    memoryMiB: Math.max(512, Math.floor((memoryMiB - ownMiB) * 0.75)),
    // One runs while the next one's inputs are fetched.
    maxJobs: 2,
    deadlineSeconds: 300,
    minPrice: formatEther(2n * gasOfJob * weiPerGas),
    pricePerSecond: decimal(perSecond),
  }
}

/** LYN that the protocol repays for a unit of gas; 0 when the chain does not say. */
export async function readLynPerGas(
  client: PublicClient,
  parameters: Hex,
): Promise<bigint> {
  try {
    const { value } = await client.readContract({
      address: parameters,
      abi: parametersAbi,
      functionName: 'parameterOf',
      args: [stringToHex('lynPerGas', { size: 32 })],
    })
    return value
  } catch {
    // The caller says that the chain was out of reach.
    return 0n
  }
}

/** A small number without an exponent, three digits after its zeros. */
function decimal(value: number): string {
  if (value === 0) return '0'
  const digits = Math.min(18, Math.max(3, 2 - Math.floor(Math.log10(value))))
  return value.toFixed(digits).replace(/\.?0+$/, '')
}
