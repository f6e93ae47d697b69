import { getProviders } from '../actions/getProviders.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'

/** Servers of the network. None of them is trusted with anything but to answer. */
export type Servers = {
  /** Base URLs of data servers: where inputs go and models come from. */
  dataServers: readonly string[]
  /** Base URLs of relays that carry signed orders. */
  relays: readonly string[]
}

/** Most providers that are asked; one honest one is enough. */
const most = 8

/**
 * The servers that the client was made with, or those of the registered
 * providers, each of which is data server and relay.
 *
 * @throws LynodeError `LY-NET-004` when there is none.
 * @example
 * const { dataServers } = await findServers(client)
 */
export async function findServers(client: LynodeReader): Promise<Servers> {
  if (client.servers !== undefined) return client.servers
  const providers = (await getProviders(client))
    .filter(({ role, endpoint }) => role === 'provider' && endpoint !== '')
    .sort((a, b) => b.reputation - a.reputation)
  const urls = providers.slice(0, most).map(({ endpoint }) => endpoint)
  if (urls.length === 0) throw new LynodeError('LY-NET-004')
  return { dataServers: urls, relays: urls }
}
