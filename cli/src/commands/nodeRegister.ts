import { Command } from '@commander-js/extra-typings'
import {
  askPassword,
  keySourceOf,
  loadAccount,
  loadConfig,
} from '@lynode/runtime'
import {
  createLynodeClient,
  deposit,
  formatAmount,
  type LynodeClient,
  LynodeError,
  parseAmount,
  registerNode,
  signHotKeyConsent,
  stake,
} from '@lynode/sdk'
import { erc20Abi, http } from 'viem'
import { readContract } from 'viem/actions'
import { z } from 'zod'
import { lynodeChain } from '../network/connect.js'
import { findConfig } from '../options/findConfig.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const shape = z.object({
  providerId: z.int(),
  role: z.enum(['provider', 'verifier']),
  owner: hex,
  hotKey: hex,
  endpoint: z.string(),
  staked: amount,
  deposited: amount,
})

const documents = {
  provider: document('node register', 1, shape),
  verifier: document('verifier register', 1, shape),
}

/** `lynode node register`: the owner key registers the hot key of a configuration and stakes. */
export function nodeRegisterCommand(role: 'provider' | 'verifier') {
  return withWriteOptions(
    new Command('register')
      .description(`register this ${role} with an owner key, and stake`)
      .requiredOption(
        '--owner-keystore <file>',
        'v3 keystore of the owner, who stakes and unstakes; the daemon never needs it',
      )
      .option(
        '--owner-password-file <file>',
        'its password; asked for otherwise',
      )
      .option('--config <file>', `default: ${role}.toml of this folder`)
      .option('--endpoint <url>', 'where strangers reach its data server')
      .option('--stake <amount>', 'what to stake: 1000LYN', parseAmount)
      .option(
        '--deposit <amount>',
        'LYN for the free balance of the hot key, out of which bonds are paid',
        parseAmount,
      ),
  )
    .addHelpText(
      'after',
      `\nExample:\n  lynode ${role === 'provider' ? 'node' : 'verifier'} register --owner-keystore owner.json --endpoint https://node.example:8600 --stake 100000LYN`,
    )
    .action(async (options) => {
      const config = loadConfig(findConfig(options.config, role))
      const { addressBook, rpc, host, port } = config
      const ask = askPassword({ stdin: false })
      const endpoint =
        options.endpoint ?? (port === 0 ? '' : `http://${host}:${port}`)
      if (endpoint === '' && role === 'provider')
        throw new LynodeError('LY-CLI-001', {
          details:
            'name the address of the data server with `--endpoint`, or set `port`',
        })
      const connection = {
        chain: lynodeChain(addressBook.chainId, rpc),
        transport: http(rpc),
        addressBook,
        pollingIntervalMs: 500,
      }
      const hot = createLynodeClient({
        ...connection,
        account: await loadAccount(keySourceOf(config), ask),
      })
      const owner = createLynodeClient({
        ...connection,
        account: await loadAccount(
          {
            keystore: options.ownerKeystore,
            passwordFile: options.ownerPasswordFile,
          },
          ask,
        ),
      })
      const hotKey = hot.account.address
      await requireTokens(
        owner,
        (options.stake ?? 0n) + (options.deposit ?? 0n),
      )
      const registered = await sendWrite(owner, {
        action: registerNode,
        parameters: {
          role,
          hotKey,
          endpoint,
          consent: await signHotKeyConsent(hot, {
            owner: owner.account.address,
            role,
          }),
        },
        effect: [
          `register ${hotKey} as the hot key of a new ${role} at ${endpoint || 'no endpoint'}`,
          `owned by ${owner.account.address}, which alone can withdraw its stake`,
          ...(options.stake === undefined
            ? []
            : [`then stake ${amountOf(options.stake).text}`]),
          ...(options.deposit === undefined
            ? []
            : [
                `then deposit ${amountOf(options.deposit).text} for the bonds of the hot key`,
              ]),
        ],
        options,
      })
      if (registered === undefined) return
      const { providerId } = registered.event
      // The answer above was about all of it.
      const agreed = { yes: true, json: options.json }
      if (options.stake !== undefined)
        await sendWrite(owner, {
          action: stake,
          parameters: { providerId, amount: options.stake },
          spends: options.stake,
          effect: [],
          options: agreed,
        })
      if (options.deposit !== undefined)
        await sendWrite(owner, {
          action: deposit,
          parameters: {
            token: addressBook.contracts.lynToken,
            to: hotKey,
            amount: options.deposit,
          },
          spends: options.deposit,
          effect: [],
          options: agreed,
        })
      printResult(
        documents[role],
        {
          providerId,
          role,
          owner: owner.account.address,
          hotKey,
          endpoint,
          staked: amountOf(options.stake ?? 0n),
          deposited: amountOf(options.deposit ?? 0n),
        },
        options,
        (result) =>
          `Registered ${role} ${providerId} with ${result.staked.text} of stake.`,
      )
    })
}

/** Before a node is registered that the owner then could not stake for. */
async function requireTokens(
  owner: LynodeClient,
  amount: bigint,
): Promise<void> {
  if (amount === 0n) return
  const held = await readContract(owner, {
    address: owner.addressBook.contracts.lynToken,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [owner.account.address],
  })
  if (held < amount)
    throw new LynodeError('LY-LED-008', {
      details: `stake and deposit are ${formatAmount(amount)}; the owner ${owner.account.address} has ${formatAmount(held)}`,
      remedy: 'Send LYN to the owner, or take less. Nothing was sent.',
    })
}
