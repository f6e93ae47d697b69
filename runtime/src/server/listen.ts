import type { AddressInfo, Socket } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { LynodeError } from '@lynode/sdk'

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
 * @param connectionsPerPeer - Open connections that one address may have; one
 * more is closed at once. Without it, as many as it likes.
 * @throws LynodeError `LY-HTTP-001` when the address cannot be had.
 */
export async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  host: string,
  port: number,
  connectionsPerPeer?: number | undefined,
): Promise<HttpServer> {
  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve({ fetch, hostname: host, port }, () =>
      resolve(started),
    )
    started.once('error', (cause) =>
      reject(
        new LynodeError('LY-HTTP-001', {
          details: `${host}:${port}: ${cause.message}`,
          cause,
        }),
      ),
    )
    if (connectionsPerPeer !== undefined)
      started.on('connection', limitPeers(connectionsPerPeer))
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

/**
 * Each connection takes a file descriptor, and one that reads slowly a megabyte:
 * a stranger may not hold those that the chain and the database need.
 */
function limitPeers(most: number): (socket: Socket) => void {
  const open = new Map<string, number>()
  return (socket) => {
    const peer = socket.remoteAddress ?? ''
    const count = (open.get(peer) ?? 0) + 1
    if (count > most) {
      socket.destroy()
      return
    }
    open.set(peer, count)
    socket.once('close', () => {
      const left = (open.get(peer) ?? 1) - 1
      if (left === 0) open.delete(peer)
      else open.set(peer, left)
    })
  }
}
