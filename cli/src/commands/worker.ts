import { once } from 'node:events'
import { resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { startWorker } from '@lynode/node'
import { executionProviders } from '@lynode/runtime'
import { z } from 'zod'
import { parseCount } from '../options/parseCount.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const workerDocument = document(
  'worker',
  1,
  z.object({ event: z.literal('ready'), role: z.string(), pid: z.number() }),
)

/** `lynode worker`: runs the jobs of a provider on another machine. */
export function workerCommand() {
  return new Command('worker')
    .description('run the jobs of a provider on this machine too, until Ctrl-C')
    .addOption(
      new Option(
        '--queue <url>',
        'PostgreSQL queue of the provider, postgres://...; in the environment no other user sees its password',
      )
        .env('LYNODE_QUEUE')
        .makeOptionMandatory(),
    )
    .option('--data-dir <folder>', 'what is fetched and computed', 'worker')
    .addOption(
      new Option('--execution-provider <name>', 'as the provider has it')
        .choices(executionProviders)
        .default('cpu' as const),
    )
    .option('--threads <n>', 'as the provider has it', parseCount, 1)
    .option('--memory <MiB>', 'memory of the runner process', parseCount, 6_144)
    .option('--json', 'print one JSON document when it is ready')
    .addHelpText(
      'after',
      '\nExample:\n  LYNODE_QUEUE=postgres://lynode:secret@10.0.0.2/lynode lynode worker --data-dir /var/lib/lynode-worker',
    )
    .action(async (options) => {
      const worker = await startWorker({
        queue: options.queue,
        dataDir: resolve(options.dataDir),
        executionProvider: options.executionProvider,
        threads: options.threads,
        memoryBytes: options.memory * 2 ** 20,
      })
      printResult(
        workerDocument,
        { event: 'ready', role: 'worker', pid: process.pid },
        options,
        () => 'The worker takes work. Ctrl-C lets it finish what it has.',
      )
      const signal = Promise.race([
        once(process, 'SIGINT'),
        once(process, 'SIGTERM'),
      ])
      await Promise.race([signal, worker.done])
      await worker.stop()
    })
}
