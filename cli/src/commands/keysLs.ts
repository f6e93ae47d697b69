import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { keystoreAddress } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import { z } from 'zod'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'

const listed = z.object({
  file: z.string(),
  /** Null where the file does not say. */
  address: hex.nullable(),
  /** Why it was not read. */
  code: z.string().nullable(),
})

type Listed = z.output<typeof listed>

const keysLsDocument = document(
  'keys ls',
  1,
  z.object({ keys: z.array(listed) }),
)

/** `lynode keys ls`: the keystores of a folder; none is opened. */
export function keysLsCommand() {
  return new Command('ls')
    .description('list the keystores of a folder, without their passwords')
    .argument('[folder]', 'where to look', '.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  lynode keys ls')
    .action((folder, options) => {
      const keys = readdirSync(folder)
        .filter((name) => statSync(join(folder, name)).isFile())
        .flatMap((name): Listed[] => {
          try {
            const address = keystoreAddress(join(folder, name))
            return [
              {
                file: join(folder, name),
                address: address ?? null,
                code: null,
              },
            ]
          } catch (error) {
            // A file that is no keystore is not our business; one that others can read is.
            return error instanceof LynodeError &&
              error.code === 'LY-KEY-003' &&
              name.endsWith('.json')
              ? [{ file: join(folder, name), address: null, code: error.code }]
              : []
          }
        })
      printResult(keysLsDocument, { keys }, options, (result) =>
        result.keys.length === 0
          ? `There are no keystores in ${folder}.`
          : result.keys
              .map(
                ({ file, address, code }) =>
                  `${address ?? (code === null ? 'unknown address' : `${code}: others can read it`)}  ${file}`,
              )
              .join('\n'),
      )
    })
}
