import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { defaultSrsFolder, importSrs } from '@lynode/runtime'
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { document } from '../output/document.js'
import { log, printResult } from '../output/output.js'

const srsImportDocument = document(
  'srs import',
  1,
  z.object({ files: z.array(z.string()) }),
)

/** `lynode srs import FILE`: takes over the string of a ceremony. */
export function srsImportCommand() {
  return new Command('import')
    .description(
      "convert a prepared powers-of-tau file to the form of the zk class's provers",
    )
    .argument('<file>', 'a .ptau file of snarkjs, prepared for phase 2')
    .requiredOption('--sha256 <hex>', 'the hash that the ceremony published')
    .option(
      '--rows <k...>',
      'sizes to write, as powers of two; without one only what a verifier needs',
      parseRows,
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  lynode srs import pot17_final.ptau --sha256 HASH --rows 13 15 17',
    )
    .action(async (file, options) => {
      log('check the hash and convert')
      const files = await importSrs({
        file,
        sha256: options.sha256,
        logRows: options.rows ?? [],
        folder: join(defaultSrsFolder(), 'ceremony'),
      })
      printResult(srsImportDocument, { files }, options, (result) =>
        result.files.join('\n'),
      )
    })
}

function parseRows(text: string, before: number[] | undefined): number[] {
  const rows = Number(text)
  if (!Number.isInteger(rows) || rows < 1 || rows > 28)
    throw new InvalidArgumentError('a whole number from 1 to 28')
  return [...(before ?? []), rows]
}
