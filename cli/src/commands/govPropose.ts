import { Command } from '@commander-js/extra-typings'
import {
  describeActions,
  grantFactoryAbi,
  LynodeError,
  type ProposalAction,
  parametersAbi,
  parseAmount,
  propose,
  toLynodeError,
  vaultAbi,
} from '@lynode/sdk'
import {
  type Address,
  encodeFunctionData,
  type Hex,
  isAddress,
  isHex,
  stringToHex,
} from 'viem'
import { call, getBlock, readContract } from 'viem/actions'
import { z } from 'zod'
import { type Connection, connect } from '../network/connect.js'
import { actionLines } from '../output/actionLines.js'
import { document } from '../output/document.js'
import { describedAction, hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const day = 86_400n

const govProposeDocument = document(
  'gov propose',
  1,
  z.object({
    proposalId: integer,
    transaction: hex,
    voteStart: integer,
    voteEnd: integer,
    actions: z.array(describedAction),
  }),
)

/** `lynode gov propose`: parameter changes, payments, grants, or any call. */
export function govProposeCommand() {
  return withWriteOptions(
    new Command('propose')
      .description('propose calls by the timelock, all or nothing')
      .requiredOption('--description <text>', 'why; a part of the id')
      .option(
        '--set <name=value...>',
        'schedule a parameter: window=20',
        many,
        [],
      )
      .option(
        '--pay <to=amount...>',
        'pay out of the treasury: 0x..=100LYN',
        many,
        [],
      )
      .option(
        '--grant <to=amount/days...>',
        'stream out of the treasury: 0x..=100LYN/365',
        many,
        [],
      )
      .option(
        '--call <target=data...>',
        'any call of a contract: 0x..=0x..',
        many,
        [],
      )
      .option('--as <account>', 'account of the devnet that proposes'),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode gov propose --set window=20 --description 'More time to look'
  lynode gov propose --pay 0x70...c8=100LYN --description 'For the audit'
  lynode gov propose --grant 0x70...c8=1000LYN/365 --description 'A year of work'`,
    )
    .action(async (options) => {
      const connection = await connect(options.as)
      const actions = [
        ...(await Promise.all(
          options.set.map((text) => scheduling(connection, text)),
        )),
        ...options.pay.map((text) => payment(connection, text)),
        ...(
          await Promise.all(
            options.grant.map((text) => granting(connection, text)),
          )
        ).flat(),
        ...options.call.map(anyCall),
      ]
      if (actions.length === 0)
        throw new LynodeError('LY-CLI-001', {
          details: 'a proposal needs --set, --pay, --grant or --call',
        })
      const { client } = connection
      // What the contracts would refuse is better known before the vote.
      const described = await describeActions(client, actions)
      const sent = await sendWrite(client, {
        action: propose,
        parameters: { actions, description: options.description },
        effect: ['propose', ...actionLines(described)],
        options,
      })
      if (sent === undefined) return
      const { event, receipt } = sent
      printResult(
        govProposeDocument,
        {
          proposalId: event.proposalId,
          transaction: receipt.transactionHash,
          voteStart: event.voteStart,
          voteEnd: event.voteEnd,
          actions: described,
        },
        options,
        (result) =>
          [
            `Proposal ${result.proposalId}`,
            ...actionLines(result.actions),
            `\nVotes count as they are after ${result.voteStart}: lynode gov vote ${result.proposalId} for`,
          ].join('\n'),
      )
    })
}

/**
 * A change of a parameter, asked for as the timelock would: what is outside the
 * bounds or the step would be refused weeks later, after the vote.
 */
async function scheduling(
  { client }: Connection,
  text: string,
): Promise<ProposalAction> {
  const [name, value] = pair(text)
  if (!/^\w{1,31}$/.test(name) || !/^\d+$/.test(value))
    throw new LynodeError('LY-CLI-001', {
      details: `--set ${text}: a name and a whole number in the unit of docs/parameters.md`,
    })
  const { parameters, timelock } = client.addressBook.contracts
  const data = encodeFunctionData({
    abi: parametersAbi,
    functionName: 'schedule',
    args: [stringToHex(name, { size: 32 }), BigInt(value)],
  })
  await call(client, { account: timelock, to: parameters, data }).catch(
    (error: unknown) => {
      throw toLynodeError(error)
    },
  )
  return { target: parameters, value: 0n, data }
}

function payment({ client }: Connection, text: string): ProposalAction {
  const [to, amount] = pair(text)
  return paying(client, address(to), parseAmount(amount))
}

/** A streaming grant: makes it, if nobody has, and pays into it. */
async function granting(
  { client }: Connection,
  text: string,
): Promise<ProposalAction[]> {
  const [to, terms] = pair(text)
  const [amount = '', days = ''] = terms.split('/')
  if (!/^\d{1,5}$/.test(days) || days === '0')
    throw new LynodeError('LY-CLI-001', {
      details: `--grant ${text}: to=amount/days`,
    })
  const { timestamp } = await getBlock(client)
  const args = [address(to), timestamp, BigInt(days) * day, 0n] as const
  const target = client.addressBook.contracts.grantFactory
  const grant = await readContract(client, {
    address: target,
    abi: grantFactoryAbi,
    functionName: 'grantOf',
    args,
  })
  return [
    {
      target,
      value: 0n,
      data: encodeFunctionData({
        abi: grantFactoryAbi,
        functionName: 'create',
        args,
      }),
    },
    paying(client, grant, parseAmount(amount)),
  ]
}

function paying(
  client: Connection['client'],
  to: Address,
  amount: bigint,
): ProposalAction {
  const { lynToken, treasuryVault } = client.addressBook.contracts
  return {
    target: treasuryVault,
    value: 0n,
    data: encodeFunctionData({
      abi: vaultAbi,
      functionName: 'pay',
      args: [lynToken, to, amount],
    }),
  }
}

function anyCall(text: string): ProposalAction {
  const [target, data] = pair(text)
  if (!isHex(data))
    throw new LynodeError('LY-CLI-001', { details: `--call ${text}: no bytes` })
  return { target: address(target), value: 0n, data: data as Hex }
}

function many(text: string, before: string[]): string[] {
  return [...before, text]
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new LynodeError('LY-CLI-001', { details: `${text} has no "="` })
}

function address(text: string): Address {
  if (isAddress(text)) return text
  throw new LynodeError('LY-CLI-001', { details: `${text} is no address` })
}
