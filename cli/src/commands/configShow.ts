import { Command } from '@commander-js/extra-typings'
import { readSettings } from '@lynode/runtime'
import { z } from 'zod'
import { findConfig } from '../options/findConfig.js'
import { withDaemonOptions } from '../options/withDaemonOptions.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const configShowDocument = document(
  'config show',
  1,
  z.object({
    file: z.string(),
    settings: z.array(
      z.object({
        name: z.string(),
        value: z
          .union([
            z.string(),
            z.number(),
            z.boolean(),
            z.array(z.string()).readonly(),
          ])
          .nullable(),
        origin: z.enum(['file', 'default', 'unset']),
      }),
    ),
  }),
)

/** `lynode config show`: every setting of a daemon, given or by default. */
export function configShowCommand() {
  return withDaemonOptions(
    new Command('show').description(
      'show every setting of a daemon, its secrets left out',
    ),
  )
    .option('--origin', 'say where each value comes from')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode config show --origin\n  lynode config show --config /etc/lynode/verifier.toml --role verifier --json',
    )
    .action((options) => {
      const file = findConfig(options.config, options.role)
      const settings = readSettings(file)
      printResult(configShowDocument, { file, settings }, options, (result) =>
        [
          `# ${result.file}`,
          ...result.settings
            .filter(({ origin }) => options.origin || origin !== 'unset')
            .map(({ name, value, origin }) => {
              const line = `${name} = ${value === null ? 'not set' : JSON.stringify(value)}`
              return options.origin ? `${origin.padEnd(8)} ${line}` : line
            }),
        ].join('\n'),
      )
    })
}
