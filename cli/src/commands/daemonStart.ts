import { Command } from '@commander-js/extra-typings'
import { startProvider } from '@lynode/node'
import { runDaemon } from '@lynode/runtime'
import { startVerifier } from '@lynode/verifier'
import { findConfig } from '../options/findConfig.js'

/** `lynode node start` and `lynode verifier start`: the daemon, in this process. */
export function daemonStartCommand(role: 'provider' | 'verifier') {
  return new Command('start')
    .description(`run the ${role} until SIGTERM or Ctrl-C, which drain it`)
    .option('--config <file>', `default: ${role}.toml of this folder`)
    .option('--password-stdin', 'read the password of the keystore from stdin')
    .addHelpText(
      'after',
      '\nPrints one JSON line when it is ready; its log is JSON lines on standard error.\nExit status: 0 after a stop, 1 on an error, 75 where a retry may help.',
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
      }),
    )
}
