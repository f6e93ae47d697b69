import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Devnet, describeError, toJson } from 'lynode/devnet'
import { formatReport } from './demo/formatReport.js'
import { Gate } from './demo/gate.js'
import { runDemo } from './demo/runDemo.js'

const { values } = parseArgs({
  options: {
    /** Print one JSON document instead of text. */
    json: { type: 'boolean', default: false },
    /** Keep the network running until Ctrl-C. */
    keep: { type: 'boolean', default: false },
    /** With `keep`: leave the indexer out. */
    'no-indexer': { type: 'boolean', default: false },
  },
})

// A network that is kept is found by `npx lynode` in this folder.
const folder = values.keep
  ? process.cwd()
  : mkdtempSync(join(tmpdir(), 'lynode-demo-'))
// The honest provider asks for more than the others, who underbid it.
const verified = new Gate()
const devnet = new Devnet({
  folder,
  minPrice: '12',
  onVerifierLog: ({ event }) => {
    if (event === 'job.verdict') verified.open()
  },
})
const interrupted = Promise.race([
  once(process, 'SIGINT'),
  once(process, 'SIGTERM'),
]).then(() => 'interrupted' as const)

try {
  const report = await Promise.race([runDemo(devnet, verified), interrupted])
  if (report === 'interrupted') process.exitCode = 130
  else {
    console.log(values.json ? toJson(report) : formatReport(report))
    if (values.keep) {
      if (!values['no-indexer']) {
        // Now that no story has a window to keep.
        console.error(`\n${await devnet.startIndexer()}.`)
        devnet.writeNetworkFile()
      }
      console.error(
        `\nThe network runs on at ${devnet.rpcUrl}. Ctrl-C ends it.`,
      )
      await interrupted
    }
  }
} catch (error) {
  const description = describeError(error)
  if (values.json) console.log(toJson({ error: description }))
  else
    console.error(
      `${description.code} ${description.message}\n${description.remedy}\nLogs: ${devnet.folder}`,
    )
  process.exitCode = 1
} finally {
  await devnet.stop()
  if (!values.keep && process.exitCode !== 1)
    rmSync(folder, { recursive: true, force: true })
}
process.exit()
