import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { errorText } from '../errors/errorText.js'

export type MonitorOptions = {
  /** Loopback unless the owner says otherwise: nothing here is for strangers. */
  host: string
  /** 0 takes any free port. */
  port: number
  /** Body of `GET /metrics`. */
  metrics: () => Promise<string>
  /** What keeps the daemon from taking work; none when it is ready. */
  unready: () => string[]
  /** Body of `GET /status`; amounts as decimal text, because they exceed 2^53. */
  status: () => Promise<Record<string, unknown>>
}

export type MonitorServer = {
  /** Base URL, such as `http://127.0.0.1:9464`. */
  url: string
  close(): Promise<void>
}

/**
 * Serves what supervisors and dashboards ask: `/health` says that the process
 * lives, `/ready` that it takes work, `/status` what it owes, `/metrics` the
 * numbers for Prometheus. All of it goes on during a drain.
 */
export async function startMonitor(
  options: MonitorOptions,
): Promise<MonitorServer> {
  const { host } = options
  const app = new Hono()
  app.get('/health', (context) => context.json({ status: 'up' }))
  app.get('/ready', (context) => {
    const reasons = options.unready()
    return context.json(
      { ready: reasons.length === 0, reasons },
      reasons.length === 0 ? 200 : 503,
    )
  })
  app.get('/status', async (context) => context.json(await options.status()))
  app.get('/metrics', async (context) =>
    context.text(await options.metrics(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  )
  app.onError((error, context) =>
    context.json({ code: 'LY-HTTP-500', message: errorText(error) }, 500),
  )
  const server = await new Promise<ServerType>((resolve, reject) => {
    const started = serve(
      { fetch: app.fetch, hostname: host, port: options.port },
      () => resolve(started),
    )
    started.once('error', reject)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
