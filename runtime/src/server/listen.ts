import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'

/** An HTTP server that listens. */
export type HttpServer = {
  /** Base URL, such as `http://127.0.0.1:8600`. */
  url: string
  /** Ends it, and the connections that are open. */
  close(): Promise<void>
}

/**
 * Starts an HTTP server.
 *
 * @param port - 0 for any that is free.
 * @throws Error of the system when the address cannot be had.
 */
export async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  host: string,
  port: number,
): Promise<HttpServer> {
  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve({ fetch, hostname: host, port }, () =>
      resolve(started),
    )
    started.once('error', reject)
  })
  const taken = (server.address() as AddressInfo).port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
