import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import {
  askPassword,
  type DaemonConfigInput,
  parseConfig,
} from '@lynode/runtime'
import {
  approveToken,
  deposit,
  formatAmount,
  getBalance,
  getJob,
  type LynodeClient,
  LynodeError,
} from '@lynode/sdk'
import { verdicts, verifyJob } from '@lynode/verifier'
import { parseEther } from 'viem'
import { z } from 'zod'
import { type Connection, connect } from '../network/connect.js'
import type { NetworkAccount } from '../network/networkFile.js'
import { parseId } from '../options/parseId.js'
import { confirmSend } from '../output/confirmSend.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { log, printResult } from '../output/output.js'

const traceVerifyDocument = document(
  'trace verify',
  1,
  z.object({
    jobId: hex,
    execId: hex,
    providerId: z.int(),
    verdict: z.enum(verdicts),
    /** What the verdict rests on: step, node, element, bounds, transaction. */
    details: z.record(z.string(), z.unknown()),
    seconds: z.number(),
  }),
)

/** Free LYN that bonds of a dispute come out of; most of it comes back. */
const bonds = parseEther('200')

const meanings: Record<(typeof verdicts)[number], string> = {
  ok: 'the same bits come out here',
  tolerated:
    'other bits, but every element that was looked at lies in its bound',
  fraud: 'a wrong element was proved, and the provider convicted',
  withheld: 'the provider did not open what it committed to, and is convicted',
  unchecked: 'it could not be checked',
  closed: 'it was over before it could be disputed',
  unproved: 'its proof does not hold',
  differs:
    'other bits come out here; --prove demands the trace and looks for the wrong element',
  provable: 'an element is wrong; --prove convicts the provider',
}

/** States of a job that has a result. */
const delivered: readonly string[] = ['delivered', 'settled', 'convicted']

/** Verdicts of a result that one may use. */
const good: readonly string[] = ['ok', 'tolerated']

/** `lynode trace verify JOB_ID`: the work of a verifier for one job, by hand. */
export function traceVerifyCommand() {
  return new Command('verify')
    .description(
      'run a delivered job again and judge every number that differs',
    )
    .argument('<job-id>', 'id of a delivered job')
    .option(
      '--prove',
      'demand what is missing on chain, and convict where an element is wrong',
    )
    .option('--account <name>', 'account of the network', 'requester')
    .option('--yes', 'with --prove: put bonds into the Ledger without asking')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Without --prove nothing is sent. Exit status 0 for a result that may be used
(ok, tolerated), else 1.

Examples:
  lynode trace verify 0x7a...
  lynode trace verify 0x7a... --prove --yes --json`,
    )
    .action(async (id, options) => {
      const start = performance.now()
      const jobId = parseId(id, 'job')
      const connection = await connect(options.account)
      const { client, network } = connection
      const { status, attempt } = await getJob(client, { jobId })
      if (status === 'none')
        throw new LynodeError('LY-JOB-003', { details: jobId })
      if (!delivered.includes(status))
        throw new LynodeError('LY-JOB-007', { details: `it is ${status}` })
      if (options.prove) await provideBonds(client, options)
      const { jobId: _, ...checked } = await verifyJob({
        config: configFor(connection, options.account),
        askPassword: askPassword({ stdin: false }),
        jobId,
        attempt,
        prove: options.prove === true,
        report: log,
      })
      if (!good.includes(checked.verdict)) process.exitCode = 1
      printResult(
        traceVerifyDocument,
        { jobId, ...checked, seconds: (performance.now() - start) / 1_000 },
        options,
        ({ verdict, providerId, details, seconds }) =>
          [
            `${verdict}: ${meanings[verdict]}.`,
            ...Object.entries(details)
              .filter(
                ([name]) => !['jobId', 'execId', 'providerId'].includes(name),
              )
              .map(([name, value]) => `  ${name}: ${String(value)}`),
            `Provider ${providerId}, ${seconds.toFixed(1)} s. Network of ${network.file}.`,
          ].join('\n'),
      )
    })
}

/** A verifier of this one job, with the account's key and a folder of its own. */
function configFor({ client, network }: Connection, name: string) {
  const dataDir = join(
    network.folder,
    'trace',
    client.account.address.toLowerCase(),
  )
  mkdirSync(dataDir, { recursive: true })
  return parseConfig({
    rpc: network.rpcUrl,
    addressBook: network.addressBookPath,
    dataDir,
    ...keySettings(network.accounts.find((one) => one.name === name)?.key),
    sources: network.dataServers,
    relays: network.relays,
    pollMs: network.isDevnet ? 250 : 1_000,
    logLevel: 'error',
  })
}

/** Where the daemon finds the key, as its configuration says it. */
function keySettings(key: NetworkAccount['key']): Partial<DaemonConfigInput> {
  const env = 'LYNODE_TRACE_KEY'
  if (key === undefined) return { keyEnv: env }
  if ('keystore' in key)
    return { keystore: key.keystore, passwordFile: key.passwordFile }
  if ('file' in key) return { keyFile: key.file }
  if ('web3signer' in key)
    return { web3signer: key.web3signer, signerAddress: key.address }
  if ('env' in key) return { keyEnv: key.env }
  // In the environment, as every daemon of a devnet has its key.
  process.env[env] = key.privateKey
  return { keyEnv: env }
}

async function provideBonds(
  client: LynodeClient,
  options: { yes?: boolean | undefined; json?: boolean | undefined },
): Promise<void> {
  const { lynToken: token, ledger } = client.addressBook.contracts
  const account = client.account.address
  const { free } = await getBalance(client, { token, account })
  if (free >= bonds) return
  const amount = bonds - free
  log(
    `deposit ${formatAmount(amount)} for bonds and demand, commit and prove as is needed; what is not spent stays in the Ledger`,
  )
  if (!options.yes) await confirmSend(options)
  await approveToken(client, { token, spender: ledger, amount })
  await deposit.sync(client, { token, to: account, amount })
}
