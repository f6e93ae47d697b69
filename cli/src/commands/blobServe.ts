import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { BlobStore, DocumentStore, startDataServer } from '@lynode/runtime'
import { z } from 'zod'
import { parsePort } from '../options/parsePort.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const blobServeDocument = document(
  'blob serve',
  1,
  z.object({ url: z.string(), folder: z.string() }),
)

/** `lynode blob serve`: a data server of one's own, until Ctrl-C. */
export function blobServeCommand() {
  return new Command('serve')
    .description('serve and keep blobs and documents until Ctrl-C')
    .option('--dir <folder>', 'where they are kept', join('.lynode', 'blobs'))
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--port <port>', 'port; 0 takes any free one', parsePort, 8600)
    .option('--json', 'print one JSON document when it is ready')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode blob serve --dir /var/lib/lynode/blobs --port 8600',
    )
    .action(async (options) => {
      const folder = resolve(options.dir)
      const blobs = new BlobStore(join(folder, 'blobs'))
      const server = await startDataServer({
        blobs,
        reader: blobs,
        documents: new DocumentStore(join(folder, 'documents')),
        host: options.host,
        port: options.port,
      })
      printResult(
        blobServeDocument,
        { url: server.url, folder },
        options,
        ({ url }) =>
          [
            `Data server at ${url}, in ${folder}.`,
            'Name it in `sources` of a daemon, or upload to it with `--data-server`. Ctrl-C ends it.',
          ].join('\n'),
      )
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
      await server.close()
    })
}
