import { type Logger, pino } from 'pino'

/**
 * JSON lines on standard error; standard output belongs to the ready line.
 * Names that could hold a secret are never written.
 */
export function createLogger(name: string, level = 'info'): Logger {
  const secrets = ['key', 'privateKey', 'password', 'mnemonic', 'secret']
  return pino(
    {
      name,
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: [...secrets, ...secrets.map((secret) => `*.${secret}`)],
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
