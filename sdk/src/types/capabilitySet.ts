import { type Hex, numberToHex } from 'viem'

/**
 * Flags of a capability set, by bit: a provider must have each one that an
 * order asks for. `CAP-1` in `contracts/types/CapabilitySet.sol`.
 *
 * @example
 * capabilityFlags.avx512 // 10
 */
export const capabilityFlags = {
  cpu: 0,
  cuda: 1,
  webgpu: 2,
  x64: 8,
  arm64: 9,
  avx512: 10,
  vnni: 11,
  native: 16,
  training: 17,
} as const

/** Name of a flag. */
export type CapabilityFlag = keyof typeof capabilityFlags

/** Levels of a capability set: a provider must have at least what is asked. */
export type CapabilityLevels = {
  /** Memory for one execution: log2 of MiB. */
  memory: number
  /** Storage for models and traces: log2 of MiB. */
  storage: number
  /** Sustained compute: log2 of MFLOP/s. */
  compute: number
  /** Upload of the data server: log2 of kbit/s. */
  bandwidth: number
}

/** What a provider can do, or what an order asks for. */
export type CapabilitySet = {
  flags: readonly CapabilityFlag[]
  levels: CapabilityLevels
}

const levelNames = ['memory', 'storage', 'compute', 'bandwidth'] as const

/**
 * Packs a capability set into the 96 bits of `StakeManager.setCapabilities`.
 *
 * @example
 * packCapabilities({ flags: ['cpu', 'avx512'] })
 */
export function packCapabilities({
  flags = [],
  levels = {},
}: {
  flags?: readonly CapabilityFlag[] | undefined
  levels?: Partial<CapabilityLevels> | undefined
}): bigint {
  let packed = 0n
  for (const flag of flags) packed |= 1n << BigInt(capabilityFlags[flag])
  levelNames.forEach((name, index) => {
    const level = levels[name] ?? 0
    if (!Number.isInteger(level) || level < 0 || level > 255)
      throw new RangeError(`level ${name} is ${level}, not 0 to 255`)
    packed |= BigInt(level) << BigInt(64 + 8 * index)
  })
  return packed
}

/**
 * As `packCapabilities`, in the form of an order's `capabilities`.
 *
 * @example
 * askCapabilities({ flags: ['avx512'] })
 */
export function askCapabilities(
  asked: Parameters<typeof packCapabilities>[0],
): Hex {
  return numberToHex(packCapabilities(asked), { size: 32 })
}

/**
 * Takes a capability set apart; bits without a name are left out.
 *
 * @example
 * unpackCapabilities(packCapabilities({ flags: ['cpu'] })).flags // ['cpu']
 */
export function unpackCapabilities(packed: bigint): CapabilitySet {
  const level = (index: number) =>
    Number((packed >> BigInt(64 + 8 * index)) & 255n)
  return {
    flags: (Object.keys(capabilityFlags) as CapabilityFlag[]).filter(
      (flag) => ((packed >> BigInt(capabilityFlags[flag])) & 1n) === 1n,
    ),
    levels: {
      memory: level(0),
      storage: level(1),
      compute: level(2),
      bandwidth: level(3),
    },
  }
}

/**
 * Whether `own` has all that `asked` names, as `CapabilitySet.contains` decides.
 *
 * @example
 * containsCapabilities(packCapabilities({ flags: ['cpu', 'vnni'] }), packCapabilities({ flags: ['vnni'] })) // true
 */
export function containsCapabilities(own: bigint, asked: bigint): boolean {
  if (asked >> 96n !== 0n) return false
  if ((asked & ~own & 0xffff_ffff_ffff_ffffn) !== 0n) return false
  return levelNames.every((_, index) => {
    const shift = BigInt(64 + 8 * index)
    return ((asked >> shift) & 255n) <= ((own >> shift) & 255n)
  })
}
