import {
  type Abi,
  type AbiFunction,
  type Address,
  decodeFunctionData,
  type Hex,
  hexToString,
  isAddressEqual,
  parseAbi,
} from 'viem'
import { readContract } from 'viem/actions'
import { burnAuctionAbi } from '../abis/burnAuctionAbi.js'
import { checkerRegistryAbi } from '../abis/checkerRegistryAbi.js'
import { grantFactoryAbi } from '../abis/grantFactoryAbi.js'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { lynodeGovernorAbi } from '../abis/lynodeGovernorAbi.js'
import { lynTokenAbi } from '../abis/lynTokenAbi.js'
import { parametersAbi } from '../abis/parametersAbi.js'
import { priceOracleAbi } from '../abis/priceOracleAbi.js'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { timelockControllerAbi } from '../abis/timelockControllerAbi.js'
import { vaultAbi } from '../abis/vaultAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Contracts } from '../types/addressBook.js'
import type { ProposalAction } from './proposal.js'

/** A call in words. */
export type DescribedAction = ProposalAction & {
  /** Name in the address book; undefined for a stranger's contract. */
  contract: string | undefined
  /** Undefined where the ABI does not know the call: read it with care. */
  functionName: string | undefined
  /** Arguments by name; short names of parameters as text. */
  args: Record<string, unknown>
  /** What the call changes: as it is now, and as it is proposed. */
  today: unknown
  proposed: unknown
  /** Seconds from execution until it can be in force, where stakers may leave first. */
  delay: number | undefined
}

// What governance may call of them; their whole ABIs would be in every page.
const auditManagerAbi = parseAbi([
  'function owner() view returns (address)',
  'function payOracle(address token, address to, uint256 amount)',
  'function setCoordinator(address vrfCoordinator)',
  'function setSubscription(uint256 subscriptionId, bytes32 keyHash)',
  'function transferOwnership(address newOwner)',
])
const canariesAbi = parseAbi([
  'function owner() view returns (address)',
  'function setCurator(address curator)',
  'function transferOwnership(address newOwner)',
  'function withdraw(uint256 amount, address to)',
])

const abis: Partial<Record<keyof Contracts, Abi>> = {
  burnAuction: burnAuctionAbi,
  checkerRegistry: checkerRegistryAbi,
  governor: lynodeGovernorAbi,
  grantFactory: grantFactoryAbi,
  jobMarket: jobMarketAbi,
  ledger: ledgerAbi,
  lynToken: lynTokenAbi,
  parameters: parametersAbi,
  priceOracle: priceOracleAbi,
  stakeManager: stakeManagerAbi,
  timelock: timelockControllerAbi,
  auditManager: auditManagerAbi,
  canaries: canariesAbi,
  treasuryVault: vaultAbi,
}

/** Setters of a single value, and the view that gives it. */
const views: Record<string, string> = {
  setGuardian: 'guardian',
  setLateQuorumVoteExtension: 'lateQuorumVoteExtension',
  setProposalThreshold: 'proposalThreshold',
  setSentinel: 'sentinel',
  setVotingDelay: 'votingDelay',
  setVotingPeriod: 'votingPeriod',
  transferOwnership: 'owner',
  updateDelay: 'getMinDelay',
  updateQuorumNumerator: 'quorumNumerator',
  updateTimelock: 'timelock',
}

/**
 * Decodes what a proposal does, with today's and the proposed value of what it changes.
 *
 * @example
 * const described = await describeActions(client, actions)
 */
export async function describeActions(
  client: LynodeReader,
  actions: readonly ProposalAction[],
): Promise<DescribedAction[]> {
  return Promise.all(actions.map((action) => describe(client, action)))
}

async function describe(
  client: LynodeReader,
  action: ProposalAction,
): Promise<DescribedAction> {
  const contract = nameOf(client.addressBook.contracts, action.target)
  const call = decode(contract && abis[contract], action.data)
  const change = call && (await changeOf(client, action.target, call))
  return {
    ...action,
    contract,
    functionName: call?.item.name,
    args: Object.fromEntries(
      call?.item.inputs.map((input, index) => [
        input.name ?? `${index}`,
        readable(input, call.args[index]),
      ]) ?? [],
    ),
    today: change?.today,
    proposed: change?.proposed,
    delay: change?.delay,
  }
}

type Call = { abi: Abi; item: AbiFunction; args: readonly unknown[] }
type Change = { today: unknown; proposed: unknown; delay?: number }

function nameOf(
  contracts: Contracts,
  target: Address,
): keyof Contracts | undefined {
  const [name] =
    Object.entries(contracts).find(([, address]) =>
      isAddressEqual(address, target),
    ) ?? []
  return name as keyof Contracts | undefined
}

function decode(abi: Abi | undefined, data: Hex): Call | undefined {
  if (abi === undefined) return undefined
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data })
    const item = abi.find(
      (entry): entry is AbiFunction =>
        entry.type === 'function' &&
        entry.name === functionName &&
        entry.inputs.length === args.length,
    )
    return item && { abi, item, args }
  } catch {
    // Nothing that the contract knows: the caller sees the bytes.
    return undefined
  }
}

async function changeOf(
  client: LynodeReader,
  address: Address,
  { abi, item, args }: Call,
): Promise<Change | undefined> {
  const read = async (functionName: string, ...of: unknown[]) => {
    try {
      return await readContract(client, {
        address,
        abi,
        functionName,
        args: of,
      })
    } catch (error) {
      throw toLynodeError(error)
    }
  }
  const [first, second] = args
  if (abi === parametersAbi && item.name === 'schedule') {
    const [today, delay] = await Promise.all([
      read('valueOf', first),
      read('delayOf', first, second),
    ])
    return { today, proposed: second, delay: delay as number }
  }
  if (abi === parametersAbi && item.name === 'abdicate') {
    const today = await read('valueOf', first)
    return { today, proposed: 'for ever' }
  }
  const view = views[item.name]
  return view === undefined
    ? undefined
    : { today: await read(view), proposed: first }
}

/** Names of parameters are text in 32 bytes. */
function readable(
  { type, name }: AbiFunction['inputs'][number],
  value: unknown,
): unknown {
  return type === 'bytes32' && name === 'name'
    ? hexToString(value as Hex, { size: 32 })
    : value
}
