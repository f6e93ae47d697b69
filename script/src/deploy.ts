import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { foundryBinary } from '@lynode/runtime/foundry'
import { createPublicClient, http, isAddress } from 'viem'
import { type Libraries, standardInputOf } from './deploy/standardInput.js'

const usage = `npm run deploy -- CHAIN --rpc-url URL --sender ADDRESS [forge's options of a signer] [--resume]

CHAIN is a file of script/config. Signers are forge's: --private-key, --account, --ledger, ...
After a failure, the same line with --resume sends what is missing.`

const root = fileURLToPath(new URL('../..', import.meta.url))
const [chain = '', ...flags] = process.argv.slice(2)
const rpcUrl = optionOf('--rpc-url')
const sender = optionOf('--sender')
const config = join(root, 'script/config', `${chain}.json`)
if (
  !/^[a-z0-9-]+$/.test(chain) ||
  !existsSync(config) ||
  rpcUrl === undefined ||
  sender === undefined ||
  !isAddress(sender)
)
  stop(`${usage}\n\nThere is no such chain, or an option is missing.`)

const chainId = await createPublicClient({ transport: http(rpcUrl) })
  .getChainId()
  .catch(() => stop(`No chain answers at ${rpcUrl}.`))
const folder = join(root, '.lynode', 'deployments', `${chainId}`)
mkdirSync(folder, { recursive: true })
const pending = join(folder, 'addresses.pending.json')
const done = join(folder, 'addresses.json')
if (existsSync(done))
  stop(`${done} exists: chain ${chainId} has a deployment already.`)

const resumed = flags.includes('--resume')
if (resumed && !existsSync(pending))
  stop(`There is no ${pending}: nothing was begun that could be resumed.`)

// Forge keeps what it sent and what was included, so that `--resume` sends the
// rest. It runs the script once more, from a later nonce: those addresses are
// nobody's, and the book of the first run stands.
const book = resumed ? join(folder, 'addresses.resumed.json') : pending
const broadcast = forge(
  ['script', 'script/deploy/Deploy.s.sol', '--broadcast', '--slow', ...flags],
  { LYNODE_CHAIN: chain, LYNODE_ADDRESS_BOOK: book },
)
if (resumed) rmSync(book, { force: true })
if (broadcast !== 0)
  stop(
    'The deployment is not complete. Run the same line with --resume: it sends what is missing.',
  )

// The script has checked a simulation; only this looks at the chain.
const checked = forge(
  ['script', 'script/check/CheckDeployment.s.sol', '--rpc-url', rpcUrl],
  {
    LYNODE_CHAIN: chain,
    LYNODE_ADDRESS_BOOK: pending,
    LYNODE_DEPLOYER: sender,
  },
)
if (checked !== 0)
  stop(`The deployment at ${rpcUrl} does not pass its check: do not use it.`)
try {
  writeVerification()
} catch (error) {
  stop(
    `The deployment is complete, its sources are not: ${error instanceof Error ? error.message : error}. Check out what was deployed, and run the same line with --resume.`,
  )
}
renameSync(pending, done)
console.log(`Deployed and checked. Address book: ${done}`)

/**
 * Standard JSON inputs, by which explorers reproduce each contract, and what else
 * they ask for in `contracts.json`.
 */
function writeVerification(): void {
  const folderOf = join(folder, 'verification')
  mkdirSync(folderOf, { recursive: true })
  const { creations, libraries } = created()
  const index = creations.map(
    ({ names, address, creation, transactionHash }) => {
      const { input, ...known } = standardInputOf(
        root,
        names,
        creation,
        libraries,
      )
      const file = `${known.contract.split(':').at(-1)}-${address}.json`
      writeFileSync(join(folderOf, file), JSON.stringify(input, null, 2))
      return { ...known, address, transactionHash, input: file }
    },
  )
  writeFileSync(
    join(folderOf, 'contracts.json'),
    `${JSON.stringify(index, null, 2)}\n`,
  )
}

type Creation = {
  /** What it may be called: forge knows no name of what a contract created. */
  names: readonly string[]
  address: string
  creation: string
  transactionHash: string
}

/** What the broadcast created, as forge wrote it down. */
function created(): { creations: Creation[]; libraries: Libraries } {
  const log = join(
    root,
    'broadcast/Deploy.s.sol',
    `${chainId}`,
    'run-latest.json',
  )
  const written = JSON.parse(readFileSync(log, 'utf8')) as {
    /** `path:name:address`. */
    libraries: string[]
    transactions: {
      hash: string
      transactionType: string
      contractName: string | null
      contractAddress: string | null
      transaction: { input: string }
      additionalContracts: { address: string; initCode: string }[]
    }[]
  }
  const ours = contractNames()
  const libraries: Libraries = {}
  for (const library of written.libraries) {
    const [path = '', name = '', address = ''] = library.split(':')
    libraries[path] = { ...libraries[path], [name]: address }
  }
  const creations = written.transactions.flatMap((sent): Creation[] => {
    const { hash: transactionHash, contractName, contractAddress } = sent
    const inner = sent.additionalContracts.map(({ address, initCode }) => ({
      names: ours,
      address,
      creation: initCode,
      transactionHash,
    }))
    if (!sent.transactionType.startsWith('CREATE')) return inner
    if (contractName === null || contractAddress === null)
      stop(`${log} does not say what ${transactionHash} created.`)
    const names = [contractName]
    const { input } = sent.transaction
    // The deployer of libraries is sent a salt before the code.
    const creation =
      sent.transactionType === 'CREATE2' ? `0x${input.slice(66)}` : input
    return [
      { names, address: contractAddress, creation, transactionHash },
      ...inner,
    ]
  })
  return { creations, libraries }
}

/** Contracts of ours: a file each, named after it. */
function contractNames(): string[] {
  return readdirSync(join(root, 'contracts'), { recursive: true })
    .map((path) => basename(String(path)))
    .filter((name) => name.endsWith('.sol'))
    .map((name) => name.slice(0, -'.sol'.length))
}

function forge(args: string[], env: Record<string, string>): number {
  const { status } = spawnSync(foundryBinary('forge'), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return status ?? 1
}

function optionOf(name: string): string | undefined {
  const at = flags.indexOf(name)
  return at < 0 ? undefined : flags[at + 1]
}

function stop(message: string): never {
  console.error(message)
  process.exit(1)
}
