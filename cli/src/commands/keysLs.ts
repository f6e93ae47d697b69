import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { keystoreAddress } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import { printResult } from '../output/output.js'

type Listed = { file: string; address: string | null; code: string | null }

/** `lynode keys ls`: the keystores of a folder; none is opened. */
export function keysLsCommand() {
  return new Command('ls')
    .description('list the keystores of a folder, without their passwords')
    .argument('[folder]', 'where to look', '.')
    .option('--json', 'print one JSON document')
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
      printResult({ keys }, options, (result) =>
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
