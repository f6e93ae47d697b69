import {
  type Hex,
  type LocalAccount,
  recoverTypedDataAddress,
  type TypedDataDomain,
} from 'viem'
import {
  readSignature,
  type StructJson,
  structFromJson,
  structToJson,
} from './structJson.js'

/** What a provider says of itself from time to time, signed by its hot key. */
export type Heartbeat = {
  providerId: number
  /** Base URL of its data server. */
  endpoint: string
  /** Jobs that it would take at once now. */
  freeJobs: number
  /** Unix seconds; relays keep the newest. */
  at: number
}

export type SignedHeartbeat = { heartbeat: Heartbeat; signature: Hex }

export type SignedHeartbeatJson = { heartbeat: StructJson; signature: Hex }

/**
 * The EIP-712 types of a heartbeat.
 *
 * @example
 * heartbeatTypes.Heartbeat.map(({ name }) => name)
 */
export const heartbeatTypes = {
  Heartbeat: [
    { name: 'providerId', type: 'uint32' },
    { name: 'endpoint', type: 'string' },
    { name: 'freeJobs', type: 'uint32' },
    { name: 'at', type: 'uint40' },
  ],
} as const

function heartbeatDomain(chainId: number): TypedDataDomain {
  return { name: 'Lynode Relay', version: '1', chainId }
}

/**
 * Signs a heartbeat with a provider's hot key.
 *
 * @example
 * const { signature } = await signHeartbeat({ account, chainId, heartbeat })
 */
export async function signHeartbeat(parameters: {
  account: Pick<LocalAccount, 'signTypedData'>
  chainId: number
  heartbeat: Heartbeat
}): Promise<SignedHeartbeat> {
  const { account, chainId, heartbeat } = parameters
  const signature = await account.signTypedData({
    domain: heartbeatDomain(chainId),
    types: heartbeatTypes,
    primaryType: 'Heartbeat',
    message: heartbeat,
  })
  return { heartbeat, signature }
}

/**
 * The account that signed a heartbeat. @throws when the signature is none.
 *
 * @example
 * const signed = await signHeartbeat({ account, chainId, heartbeat })
 * await heartbeatSigner(chainId, signed) // the account's address
 */
export function heartbeatSigner(
  chainId: number,
  { heartbeat, signature }: SignedHeartbeat,
): Promise<Hex> {
  return recoverTypedDataAddress({
    domain: heartbeatDomain(chainId),
    types: heartbeatTypes,
    primaryType: 'Heartbeat',
    message: heartbeat,
    signature,
  })
}

/**
 * Writes a heartbeat for a relay.
 *
 * @example
 * heartbeatToJson(await signHeartbeat({ account, chainId, heartbeat }))
 */
export function heartbeatToJson({
  heartbeat,
  signature,
}: SignedHeartbeat): SignedHeartbeatJson {
  return {
    heartbeat: structToJson(heartbeatTypes.Heartbeat, heartbeat),
    signature,
  }
}

/**
 * Reads a heartbeat from a relay. @throws LynodeError `LY-RLY-001`
 *
 * @example
 * const signed = await signHeartbeat({ account, chainId, heartbeat })
 * parseHeartbeat(heartbeatToJson(signed))
 */
export function parseHeartbeat(json: unknown): SignedHeartbeat {
  const { heartbeat, signature } = (json ?? {}) as Partial<
    Record<'heartbeat' | 'signature', unknown>
  >
  return {
    heartbeat: structFromJson(heartbeatTypes.Heartbeat, heartbeat) as Heartbeat,
    signature: readSignature(signature),
  }
}
