import {
  type Command,
  Option,
  type OptionValues,
} from '@commander-js/extra-typings'

/** Adds `--config` and `--role`, which name a daemon, to a command. */
export function withDaemonOptions<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
) {
  return command
    .option('--config <file>', 'configuration of the daemon')
    .addOption(
      new Option('--role <role>', 'what the configuration is of')
        .choices(['provider', 'verifier'] as const)
        .default('provider' as const),
    )
}
