import { Command } from '@commander-js/extra-typings'
import { createKeystore } from '@lynode/runtime'
import { z } from 'zod'
import { newPassword } from '../options/newPassword.js'
import { readPrivateKey } from '../options/readPrivateKey.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'

const keysImportDocument = document(
  'keys import',
  1,
  z.object({ address: hex, file: z.string() }),
)

/** `lynode keys import FILE`: a private key that exists, in a keystore. */
export function keysImportCommand() {
  return new Command('import')
    .description('write a private key into a v3 keystore of mode 0600')
    .argument('<file>', 'keystore to write; it must not exist')
    .option(
      '--key-file <file>',
      'file of mode 0600 with the key as 0x-hex; asked for otherwise',
    )
    .option('--password-file <file>', 'file of mode 0600 with the password')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode keys import hot.json\n  lynode keys import hot.json --key-file key --password-file hot.password',
    )
    .action(async (file, options) => {
      const address = await createKeystore(
        file,
        await readPrivateKey(options.keyFile),
        await newPassword(options),
      )
      printResult(
        keysImportDocument,
        { address, file },
        options,
        () => `${address}, in ${file}.`,
      )
    })
}
