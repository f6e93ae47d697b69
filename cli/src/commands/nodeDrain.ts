import { Command } from '@commander-js/extra-typings'
import { loadConfig, readRunFile } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import { z } from 'zod'
import { findConfig } from '../options/findConfig.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { log, printResult } from '../output/output.js'
import { drained } from '../status/drained.js'

const shape = z.object({
  role: z.enum(['provider', 'verifier']),
  pid: z.int(),
  /** What it still owed at the last look; times in unix seconds. */
  left: z.array(
    z.object({
      jobId: hex,
      what: z.string(),
      until: z.number().optional(),
    }),
  ),
})

const documents = {
  provider: document('node drain', 1, shape),
  verifier: document('verifier drain', 1, shape),
}

/** `lynode node drain`: lets a daemon finish what it owes, and waits for its end. */
export function nodeDrainCommand(role: 'provider' | 'verifier') {
  return new Command('drain')
    .description(`stop the intake of the ${role}, wait until it has ended`)
    .option('--config <file>', `default: ${role}.toml of this folder`)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `\nExample:\n  lynode ${role === 'provider' ? 'node' : 'verifier'} drain`,
    )
    .action(async (options) => {
      const { dataDir } = loadConfig(findConfig(options.config, role))
      const file = readRunFile(dataDir)
      if (file === undefined)
        throw new LynodeError('LY-DB-003', {
          shortMessage: 'The daemon does not run',
          details: dataDir,
        })
      const left = await drained(file, (line) => log(line))
      printResult(
        documents[role],
        { role, pid: file.pid, left },
        options,
        () =>
          left.length === 0
            ? 'It has ended and owes nothing.'
            : [
                'It has ended. Start it again before:',
                ...left.map(
                  ({ jobId, what, until }) =>
                    `  ${what.padEnd(8)}${jobId}  ${until === undefined ? '' : new Date(until * 1_000).toISOString()}`,
                ),
              ].join('\n'),
      )
    })
}
