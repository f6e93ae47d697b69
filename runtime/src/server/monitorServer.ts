import { Hono } from 'hono'
import { errorText } from '../errors/errorText.js'
import { type HttpServer, listen } from './listen.js'

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

/**
 * Serves what supervisors and dashboards ask: `/health` says that the process
 * lives, `/ready` that it takes work, `/status` what it owes, `/metrics` the
 * numbers for Prometheus. All of it goes on during a drain.
 */
export function startMonitor(options: MonitorOptions): Promise<HttpServer> {
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
  return listen(app.fetch, options.host, options.port)
}
