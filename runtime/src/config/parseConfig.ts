import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type AddressBook, LynodeError, parseAddressBook } from '@lynode/sdk'
import { parse } from 'smol-toml'
import { type Hex, isAddress, isHex, parseEther } from 'viem'
import { z } from 'zod'
import { errorText } from '../errors/errorText.js'
import type { KeySource } from '../keys/loadAccount.js'
import { executionProviders } from '../runner/executionProvider.js'

const lyn = z
  .string()
  .regex(/^\d+(\.\d{1,18})?$/, 'is an amount in LYN such as "5" or "0.25"')
  .transform((text) => parseEther(text))

const address = z.custom<Hex>(
  (value) => typeof value === 'string' && isAddress(value, { strict: false }),
  'is no address',
)
const modelId = z.custom<Hex>(
  (value) => isHex(value) && value.length === 66,
  'is no model id: that is 0x and 64 hex digits',
)

/** Settings of a daemon by name. */
export const settingShapes = {
  /** JSON-RPC endpoint of the chain. */
  rpc: z.url(),
  /** Address book that the deployment wrote. */
  addressBook: z.string(),
  /** State of this daemon: database, blobs, documents. */
  dataDir: z.string(),
  /** Loopback unless told otherwise. */
  host: z.string().default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** Where `/health`, `/ready`, `/status` and `/metrics` are; loopback unless told otherwise. */
  monitorHost: z.string().default('127.0.0.1'),
  /** 0 takes any free port. */
  monitorPort: z.number().int().min(0).max(65_535).default(0),
  /** Environment variable with the hot key; for development. */
  keyEnv: z.string().default('LYNODE_HOT_KEY'),
  /** File with the hot key as 0x-hex, mode 0600; wins over `keyEnv`. */
  keyFile: z.string().optional(),
  /** v3 keystore with the hot key, mode 0600; wins over `keyEnv`. */
  keystore: z.string().optional(),
  /** File with the password of the keystore, mode 0600; without it, somebody is asked. */
  passwordFile: z.string().optional(),
  /** Base URL of a Web3Signer that keeps the hot key; wins over `keyEnv`. */
  web3signer: z.url().optional(),
  /** Which of the Web3Signer's keys. */
  signerAddress: address.optional(),
  /** Data servers to ask for models and inputs besides the providers'. */
  sources: z.array(z.url()).default([]),
  /** Relays that are read and told of new orders and offers. */
  relays: z.array(z.url()).default([]),
  /** Milliseconds between two looks at the relays. */
  relayPollMs: z.number().int().min(50).default(1_000),
  /** MiB that blobs and documents may take together on the disk. */
  diskMiB: z.number().int().min(64).default(20_480),
  /** Requests that one address may send to the data server in a second. */
  peerRequests: z.number().int().min(1).default(500),
  /** MiB that one address may move in a second, up and down together. */
  peerMiB: z.number().positive().default(256),
  /** Connections to the data server that one address may have open. */
  peerConnections: z.number().int().min(1).default(256),
  /** Milliseconds between two looks at the chain. */
  pollMs: z.number().int().min(20).default(500),
  /** Execution providers by preference; the first that passes the self-test computes. */
  executionProviders: z
    .array(z.enum(executionProviders))
    .min(1)
    .default(['cpu']),
  threads: z.number().int().min(1).default(1),
  /** Runner processes, each of which runs one model at a time. */
  runners: z.number().int().min(1).max(64).default(1),
  memoryMiB: z.number().int().min(128).default(6_144),
  /** Seconds that one run may take. */
  deadlineSeconds: z.number().positive().default(300),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  /** Provider: least price of a job in LYN. */
  minPrice: lyn.default(0n),
  /** Provider: price of a second of computing in LYN, before the margin. */
  pricePerSecond: lyn.default(0n),
  /** Provider: on top of the cost, in percent. */
  marginPercent: z.number().int().min(0).max(1_000).default(0),
  /** Provider: most that is asked for a job in LYN; what costs more is not taken. */
  maxPrice: lyn.optional(),
  /** Provider: most LYN of stake that one job may reserve. */
  maxCollateral: lyn.optional(),
  /** Provider: pay tokens that are taken besides LYN, at the market's rates. */
  payTokens: z.array(address).default([]),
  /** Provider: answer requests for quotes. */
  quotes: z.boolean().default(true),
  /** Provider: bid in sealed auctions; the bond comes from the hot key's free LYN. */
  bids: z.boolean().default(true),
  /** Provider: models that are offered to everybody at a fixed price a step. */
  offerModels: z.array(modelId).default([]),
  /** Provider: minutes for which such an offer is good. */
  offerMinutes: z.number().int().min(1).max(1_440).default(60),
  /** Provider: steps that one such offer may be filled with. */
  offerCapacity: z.number().int().min(1).default(100),
  /** Provider: jobs that may be in work at once. */
  maxJobs: z.number().int().min(1).default(4),
  /** Provider: PostgreSQL queue, `postgres://...`, whose workers run the jobs. */
  queue: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Provider: URL under which workers reach its data server. */
  workerUrl: z.url().optional(),
  /** Provider: settle and expire for others where a tip pays for it. */
  keeper: z.boolean().default(true),
  /** Verifier: take part in the draw of audits, once the owner has registered and staked it. */
  audits: z.boolean().default(true),
  /** Verifier: audits that are computed at once. */
  auditsAtOnce: z.number().int().min(1).max(64).default(2),
  /** Verifier: part of all deliveries, from 0 to 1, that is run again although nobody drew it for them. */
  checkShare: z.number().min(0).max(1).default(1),
  /** Verifier: seconds of computing an hour that such checks may take; without it as many as they need. */
  checkSecondsPerHour: z.number().positive().optional(),
  /** Verifier: MiB of a step that are demanded on chain where nobody serves them and every block ends within rounding. */
  demandMiB: z.number().min(0).default(1),
  /** Verifier: part of other verifiers' attestations that are not its own bits, whose traces it demands. */
  questionShare: z.number().min(0).max(1).default(0.05),
  /** Verifier: report drawn verifiers that stayed away. */
  reportAbsent: z.boolean().default(true),
}

const schema = z.strictObject(settingShapes).check(({ value, issues }) => {
  const refuse = (message: string) =>
    issues.push({ code: 'custom', message, input: value })
  const { keyFile, keystore, passwordFile, web3signer, signerAddress } = value
  const sources = [keyFile, keystore, web3signer].filter(Boolean)
  if (sources.length > 1)
    refuse('only one of `keyFile`, `keystore` and `web3signer` can be set')
  if (passwordFile !== undefined && keystore === undefined)
    refuse('`passwordFile` is of no use without `keystore`')
  if ((web3signer === undefined) !== (signerAddress === undefined))
    refuse('`web3signer` and `signerAddress` belong together')
})

/** What a daemon is started with. */
export type DaemonConfig = Omit<z.infer<typeof schema>, 'addressBook'> & {
  addressBook: AddressBook
}

/** The same as one writes it: amounts in LYN as text, paths, defaults left out. */
export type DaemonConfigInput = z.input<typeof schema>

/**
 * Reads a TOML file; its paths are relative to it.
 *
 * @throws LynodeError `LY-CONFIG-001` with every mistake at once.
 */
export function loadConfig(file: string): DaemonConfig {
  let table: unknown
  try {
    table = parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw invalid(`${file}: ${errorText(cause)}`, cause)
  }
  return parseConfig(table, dirname(resolve(file)))
}

/** Checks a configuration; paths are relative to `folder`. */
export function parseConfig(
  table: unknown,
  folder = process.cwd(),
): DaemonConfig {
  const config = checked(schema, table)
  const path = resolve(folder, config.addressBook)
  let book: string
  try {
    book = readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalid(`address book ${path}: ${errorText(cause)}`, cause)
  }
  return {
    ...config,
    dataDir: resolve(folder, config.dataDir),
    keyFile: config.keyFile && resolve(folder, config.keyFile),
    keystore: config.keystore && resolve(folder, config.keystore),
    passwordFile: config.passwordFile && resolve(folder, config.passwordFile),
    addressBook: parseAddressBook(book),
  }
}

/** Where the configuration says that the hot key is. */
export function keySourceOf(config: DaemonConfig): KeySource {
  const { keyFile, keystore, passwordFile, web3signer, signerAddress } = config
  if (keystore !== undefined) return { keystore, passwordFile }
  if (web3signer !== undefined && signerAddress !== undefined)
    return { web3signer, address: signerAddress }
  return keyFile === undefined ? { env: config.keyEnv } : { file: keyFile }
}

function checked<T>(type: z.ZodType<T>, value: unknown): T {
  const parsed = type.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalid(z.prettifyError(parsed.error))
}

function invalid(message: string, cause?: unknown): LynodeError {
  return new LynodeError('LY-CONFIG-001', { shortMessage: message, cause })
}
