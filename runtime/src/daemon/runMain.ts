import { parseArgs } from 'node:util'
import { LynodeError, toLynodeError } from '@lynode/sdk'
import { type DaemonConfig, loadConfig } from '../config/parseConfig.js'
import { errorText } from '../errors/errorText.js'
import { type AskPassword, askPassword } from '../keys/askPassword.js'

/** A daemon that runs. */
export type RunningDaemon = {
  /** Base URL of its data server. */
  endpoint: string
  /** Base URL of `/health`, `/ready`, `/status` and `/metrics`. */
  monitor?: string | undefined
  /** Finishes what is begun, then ends. */
  stop(): Promise<void>
}

export type RunDaemonOptions = {
  role: 'provider' | 'verifier'
  /** TOML file. */
  config: string
  /** The password of its keystore comes on standard input. */
  passwordStdin: boolean
  start: (config: DaemonConfig, ask: AskPassword) => Promise<RunningDaemon>
  /** Called when it is ready; prints one JSON line by default. */
  onReady?: ((line: ReadyLine) => void) | undefined
}

/** What a daemon says of itself when it is ready. */
export type ReadyLine = {
  event: 'ready'
  role: 'provider' | 'verifier'
  endpoint: string
  monitor: string | undefined
  pid: number
}

/**
 * Process entry of a daemon: `--config FILE`, and `--password-stdin` where the
 * password of its keystore comes on standard input; see `runDaemon`.
 */
export async function runMain(
  role: 'provider' | 'verifier',
  start: RunDaemonOptions['start'],
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
    await runDaemon({
      role,
      config: values.config,
      passwordStdin: values['password-stdin'],
      start,
    })
  } catch (error) {
    endWith(role, error)
  }
}

/**
 * Starts a daemon and lets the process live for it. Prints one JSON line on
 * standard output when it is ready; logs are JSON lines on standard error.
 * SIGTERM and SIGINT drain, a second one ends at once. Exit status 0 after a
 * drain, 1 on a fatal error, 75 where a retry may help.
 */
export async function runDaemon(options: RunDaemonOptions): Promise<void> {
  const { role, config, passwordStdin, start } = options
  const onReady = options.onReady ?? ((line) => write(process.stdout, line))
  try {
    const daemon = await start(
      loadConfig(config),
      askPassword({ stdin: passwordStdin }),
    )
    let stopping = false
    const onSignal = () => {
      if (stopping) process.exit(1)
      stopping = true
      daemon.stop().then(
        () => process.exit(0),
        (error: unknown) => endWith(role, error),
      )
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
    onReady({
      event: 'ready',
      role,
      endpoint: daemon.endpoint,
      monitor: daemon.monitor,
      pid: process.pid,
    })
  } catch (error) {
    endWith(role, error)
  }
}

function endWith(role: string, error: unknown): never {
  // What the system or a library threw has a code of its own and no page.
  const { code, remedy, retryable } = toLynodeError(error)
  write(process.stderr, {
    level: 60,
    name: role,
    event: 'fatal',
    code,
    msg: errorText(error),
    remedy,
  })
  process.exit(retryable ? 75 : 1)
}

function write(stream: NodeJS.WritableStream, line: object): void {
  stream.write(`${JSON.stringify(line)}\n`)
}
