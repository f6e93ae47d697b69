import { Command } from '@commander-js/extra-typings'
import { createKeystore } from '@lynode/runtime'
import { generatePrivateKey } from 'viem/accounts'
import { z } from 'zod'
import { newPassword } from '../options/newPassword.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'

const keysNewDocument = document(
  'keys new',
  1,
  z.object({ address: hex, file: z.string() }),
)

/** `lynode keys new FILE`: a key that nobody has ever seen. */
export function keysNewCommand() {
  return new Command('new')
    .description('make a key and write it into a v3 keystore of mode 0600')
    .argument('<file>', 'keystore to write; it must not exist')
    .option('--password-file <file>', 'file of mode 0600 with the password')
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode keys new hot.json\n  lynode keys new hot.json --password-file hot.password',
    )
    .action(async (file, options) => {
      const password = await newPassword(options)
      const address = await createKeystore(file, generatePrivateKey(), password)
      printResult(
        keysNewDocument,
        { address, file },
        options,
        () =>
          `${address}, in ${file}. Keep a copy of the file and of its password: nobody can restore them.`,
      )
    })
}
