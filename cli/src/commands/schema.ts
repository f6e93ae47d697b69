import { Command } from '@commander-js/extra-typings'
import { LynodeError } from '@lynode/sdk'
import { z } from 'zod'
import { document, documents, jsonSchemaOf } from '../output/document.js'
import { printResult } from '../output/output.js'
import { toJson } from '../output/toJson.js'

const schemaDocument = document(
  'schema',
  1,
  z.object({ schemas: z.array(z.record(z.string(), z.unknown())) }),
)

/** `lynode schema [COMMAND]`: what `--json` prints, as JSON Schema. */
export function schemaCommand() {
  return new Command('schema')
    .description('print the JSON Schema of what a command prints with --json')
    .argument(
      '[command...]',
      'a command, `error` or `dry-run`; all of them by default',
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  lynode schema run
  lynode schema jobs show > jobs-show.schema.json
  lynode schema --json`,
    )
    .action((words, options) => {
      const name = words.join(' ')
      const chosen = documents().filter(
        ({ command }) => name === '' || command === name,
      )
      if (chosen.length === 0)
        throw new LynodeError('LY-CLI-001', {
          details: `there is no command "${name}"`,
        })
      const schemas = chosen.map(jsonSchemaOf)
      printResult(schemaDocument, { schemas }, options, () =>
        toJson(name === '' ? schemas.map(({ title }) => title) : schemas[0]),
      )
    })
}
