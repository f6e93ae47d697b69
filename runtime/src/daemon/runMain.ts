import { parseArgs } from 'node:util'
import { LynodeError } from '@lynode/sdk'
import { type DaemonConfig, loadConfig } from '../config/parseConfig.js'
import { errorText } from '../errors/errorText.js'
import { type AskPassword, askPassword } from '../keys/askPassword.js'

/** A daemon that runs. */
export type RunningDaemon = {
  /** Base URL of its data server. */
  endpoint: string
  /** Finishes what is begun, then ends. */
  stop(): Promise<void>
}

/**
 * Process entry of a daemon: `--config FILE`, and `--password-stdin` where the
 * password of its keystore comes on standard input. Prints one JSON line on standard
 * output when it is ready; logs are JSON lines on standard error. SIGTERM and
 * SIGINT drain, a second one ends at once. Exit status 0 after a drain, 1 on a
 * fatal error, 75 where a retry may help.
 */
export async function runMain(
  role: 'provider' | 'verifier',
  start: (config: DaemonConfig, ask: AskPassword) => Promise<RunningDaemon>,
): Promise<void> {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        'password-stdin': { type: 'boolean', default: false },
      },
    })
    if (values.config === undefined)
      throw new LynodeError('LY-CONFIG-001', {
        shortMessage: '--config FILE is missing',
      })
    const daemon = await start(
      loadConfig(values.config),
      askPassword({ stdin: values['password-stdin'] }),
    )
    let stopping = false
    const onSignal = () => {
      if (stopping) process.exit(1)
      stopping = true
      daemon.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
    write(process.stdout, {
      event: 'ready',
      role,
      endpoint: daemon.endpoint,
      pid: process.pid,
    })
  } catch (error) {
    const known = error instanceof Error && 'code' in error
    write(process.stderr, {
      level: 60,
      name: role,
      event: 'fatal',
      code: known ? error.code : 'LY-INT-001',
      msg: errorText(error),
      remedy: known && 'remedy' in error ? error.remedy : '',
    })
    process.exit(
      known && 'retryable' in error && error.retryable === true ? 75 : 1,
    )
  }
}

function write(stream: NodeJS.WritableStream, line: object): void {
  stream.write(`${JSON.stringify(line)}\n`)
}
