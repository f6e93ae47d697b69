import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { createKeystore, parseConfig } from '@lynode/runtime'
import { LynodeError, parseAddressBook } from '@lynode/sdk'
import { parse } from 'smol-toml'
import { createPublicClient, http, isAddress } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { z } from 'zod'
import { askSettings } from '../init/askSettings.js'
import { configText } from '../init/configText.js'
import { cpuClass } from '../init/cpuClass.js'
import { measureMachine } from '../init/measureMachine.js'
import { proposeSettings, readLynPerGas } from '../init/proposeSettings.js'
import { newPassword } from '../options/newPassword.js'
import { parsePort } from '../options/parsePort.js'
import { readPrivateKey } from '../options/readPrivateKey.js'
import { document } from '../output/document.js'
import { log, printResult } from '../output/output.js'

const initDocument = document(
  'init',
  1,
  z.object({
    /** The file that was written. */
    file: z.string(),
    role: z.enum(['provider', 'verifier']),
    /** Of the hot key; null for a keystore that was there and was not opened. */
    address: z.string().nullable(),
    keystore: z.string().nullable(),
    machine: z.object({
      cores: z.int(),
      memoryBytes: z.number(),
      flops: z.number(),
      processor: z.string(),
    }),
    conformance: z.object({
      passed: z.boolean(),
      judged: z.int(),
      faults: z.array(z.string()),
    }),
    proposal: z.object({
      threads: z.int(),
      memoryMiB: z.int(),
      maxJobs: z.int(),
      deadlineSeconds: z.int(),
      minPrice: z.string(),
      pricePerSecond: z.string(),
    }),
    /** The next three commands. */
    next: z.array(z.string()),
  }),
)

/** `lynode init`: from nothing to a configuration, a key and the next three commands. */
export function initCommand() {
  return new Command('init')
    .description('measure this machine and write the configuration of a daemon')
    .addOption(
      new Option('--role <role>', 'what it shall be')
        .choices(['provider', 'verifier'] as const)
        .default('provider' as const),
    )
    .option('--out <file>', 'file to write; provider.toml or verifier.toml')
    .option('--force', 'replace a file that is there; it is kept as FILE.old')
    .option('--rpc <url>', "JSON-RPC endpoint; the devnet's of this folder")
    .option('--address-book <file>', 'addresses that the deployment wrote')
    .option('--data-dir <folder>', 'folder for database, blobs and traces')
    .option('--host <address>', 'where the data server listens', '127.0.0.1')
    .option('--port <port>', 'its port', parsePort, 8600)
    .option('--monitor-port <port>', 'port of /metrics', parsePort, 9464)
    .option('--month-cost <lyn>', 'what a month of this machine costs, in LYN')
    .option('--keystore <file>', 'keystore to make, or to use if it is there')
    .option(
      '--key-file <file>',
      'private key to import, in a file of mode 0600',
    )
    .option('--password-file <file>', 'file of mode 0600 with the password')
    .option('--password-stdin', 'read the password from standard input')
    .option('--web3signer <url>', 'a Web3Signer that keeps the hot key')
    .option('--signer-address <address>', 'which of its keys')
    .option('--json', 'print one JSON document, ask nothing')
    .addHelpText(
      'after',
      '\nAsks on a terminal for what no flag says.\n\nExamples:\n  lynode init\n  lynode init --role verifier --rpc http://127.0.0.1:8545 --address-book addresses.json --password-file hot.password --json',
    )
    .action(async (options) => {
      const { role } = options
      const out = resolve(options.out ?? `${role}.toml`)
      if (existsSync(out) && options.force !== true)
        throw new LynodeError('LY-CLI-002', {
          shortMessage: `${out} is there already`,
          remedy:
            'Choose another file with `--out`, or `--force`, which keeps the old one as FILE.old.',
        })
      const interactive =
        options.json !== true &&
        process.stdin.isTTY === true &&
        process.stderr.isTTY === true
      const remote = options.web3signer
      const keystore = resolve(
        options.keystore ?? `${dirname(out)}/${role}-hot.json`,
      )
      const answers = await askSettings(
        role,
        {
          rpc: options.rpc,
          addressBook: options.addressBook,
          dataDir: options.dataDir,
          monthCost: options.monthCost,
          key:
            remote !== undefined
              ? 'web3signer'
              : options.keyFile !== undefined
                ? 'import'
                : existsSync(keystore)
                  ? 'existing'
                  : interactive
                    ? undefined
                    : 'new',
        },
        interactive,
      )
      log('Measuring this machine')
      const { machine, conformance } = await measureMachine()
      const processor = cpuClass().text
      const gflops = (machine.flops / 1e9).toFixed(1)
      log(`${processor}: ${gflops} GFLOPS`)
      if (!conformance.passed)
        log(`It fails the self-test: ${conformance.faults.join('; ')}`)
      const addressBook = resolve(answers.addressBook)
      const book = parseAddressBook(readFileSync(addressBook, 'utf8'))
      const weiPerGas = await readLynPerGas(
        createPublicClient({ transport: http(answers.rpc, { retryCount: 0 }) }),
        book.contracts.parameters,
      )
      if (weiPerGas === 0n)
        log(
          'The chain did not say what gas costs in LYN: set `minPrice` yourself',
        )
      const proposal = proposeSettings(machine, answers.monthCost, weiPerGas)
      const key = await keySettings(answers.key, out, keystore, options)
      const config = {
        role,
        rpc: answers.rpc,
        addressBook: within(out, addressBook),
        dataDir: within(out, resolve(answers.dataDir)),
        key: key.settings,
        host: options.host,
        port: options.port,
        monitorPort: options.monitorPort,
        ...proposal,
        measured: { processor, gflops, monthCost: answers.monthCost },
      }
      const text = configText(config)
      // What init writes, the daemon must take.
      parseConfig(parse(text), dirname(out))
      if (existsSync(out)) renameSync(out, `${out}.old`)
      writeFileSync(out, text, { flag: 'wx' })
      const file = relative('.', out) || out
      const noun = role === 'provider' ? 'node' : 'verifier'
      const next = [
        `lynode doctor --config ${file}${role === 'verifier' ? ' --role verifier' : ''}`,
        `lynode ${noun} register --config ${file} --owner-keystore owner.json ${role === 'provider' ? '--stake 100000LYN' : '--deposit 1000LYN'}`,
        `lynode ${noun} start --config ${file}`,
      ]
      printResult(
        initDocument,
        {
          file: out,
          role,
          address: key.address ?? null,
          keystore: key.settings['keystore'] === undefined ? null : keystore,
          machine: { ...machine, processor },
          conformance: {
            passed: conformance.passed,
            judged: conformance.judged,
            faults: conformance.faults,
          },
          proposal,
          next,
        },
        options,
        () =>
          [
            `Wrote ${file}.${key.address === undefined ? '' : ` Hot key: ${key.address}`}`,
            ...(conformance.passed
              ? []
              : [
                  'This machine fails the self-test: do not sell from it (LY-CHK-003).',
                ]),
            'Next:',
            ...next.map((line) => `  ${line}`),
          ].join('\n'),
      )
    })
}

type KeyOptions = {
  keyFile?: string | undefined
  passwordFile?: string | undefined
  passwordStdin?: boolean | undefined
  web3signer?: string | undefined
  signerAddress?: string | undefined
}

/** Makes, imports or names the hot key. */
async function keySettings(
  how: 'new' | 'import' | 'existing' | 'web3signer',
  out: string,
  keystore: string,
  options: KeyOptions,
): Promise<{ settings: Record<string, string>; address?: string }> {
  const { web3signer, signerAddress, passwordFile } = options
  if (how === 'web3signer') {
    if (
      web3signer === undefined ||
      signerAddress === undefined ||
      !isAddress(signerAddress)
    )
      throw new LynodeError('LY-CLI-001', {
        details:
          '`--web3signer` needs the address of a key: `--signer-address`',
      })
    return { settings: { web3signer, signerAddress }, address: signerAddress }
  }
  const settings = {
    keystore: within(out, keystore),
    ...(passwordFile !== undefined && {
      passwordFile: within(out, resolve(passwordFile)),
    }),
  }
  if (how === 'existing') return { settings }
  const privateKey =
    how === 'import'
      ? await readPrivateKey(options.keyFile)
      : generatePrivateKey()
  const address = await createKeystore(
    keystore,
    privateKey,
    await newPassword(options),
  )
  return { settings, address }
}

/** A path as the file writes it: relative where it is below the file's folder. */
function within(out: string, path: string): string {
  const short = relative(dirname(out), path)
  return short.startsWith('..') || short === '' ? path : short
}
