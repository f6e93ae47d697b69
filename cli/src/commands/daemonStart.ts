import { Command } from '@commander-js/extra-typings'
import { startProvider } from '@lynode/node'
import { runDaemon } from '@lynode/runtime'
import { startVerifier } from '@lynode/verifier'
import { z } from 'zod'
import { findConfig } from '../options/findConfig.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const shape = z.object({
  event: z.literal('ready'),
  role: z.enum(['provider', 'verifier']),
  /** Base URL of the data server. */
  endpoint: z.string(),
  /** Base URL of `/health`, `/ready`, `/status` and `/metrics`. */
  monitor: z.string().optional(),
  pid: z.int(),
})

const documents = {
  provider: document('node start', 1, shape),
  verifier: document('verifier start', 1, shape),
}

/** `lynode node start` and `lynode verifier start`: the daemon, in this process. */
export function daemonStartCommand(role: 'provider' | 'verifier') {
  const name = role === 'provider' ? 'node' : 'verifier'
  return new Command('start')
    .description(`run the ${role} until SIGTERM or Ctrl-C, which drain it`)
    .option('--config <file>', `default: ${role}.toml of this folder`)
    .option('--password-stdin', 'read the password of the keystore from stdin')
    .option('--json', 'print one JSON document when it is ready')
    .addHelpText(
      'after',
      `
Its log is JSON lines on standard error. Exit status: 0 after a stop, 1 on an
error, 75 where a retry may help.

Examples:
  lynode ${name} start
  lynode ${name} start --config /etc/lynode/${role}.toml --json`,
    )
    .action((options) =>
      runDaemon({
        role,
        config: findConfig(options.config, role),
        passwordStdin: options.passwordStdin === true,
        start: (config, askPassword) =>
          role === 'provider'
            ? startProvider({ config, askPassword })
            : startVerifier({ config, askPassword }),
        onReady: (line) =>
          printResult(
            documents[role],
            line,
            { json: options.json, line: true },
            ({ endpoint, monitor, pid }) =>
              `The ${role} is ready: process ${pid}, data server at ${endpoint}, /status and /metrics at ${monitor}.`,
          ),
      }),
    )
}
