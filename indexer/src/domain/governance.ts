import type {
  grantFactoryAbi,
  lynodeGovernorAbi,
  parametersAbi,
  stakeVoterAbi,
  timelockControllerAbi,
  vestingGrantAbi,
} from '@lynode/sdk'
import { type Hex, hexToBigInt, hexToString, size, slice } from 'viem'
import { type Change, insert, update, upsert, type Values } from './change.js'
import type { DomainEvent, Rules } from './event.js'
import { notice, noticed } from './notice.js'
import { ofProtocol } from './protocol.js'
import { ofToken } from './tokens.js'

/** Parameters: values, what is scheduled, and the history of both. */
export const parametersRules: Rules<typeof parametersAbi> = {
  ParameterSet: (event) => {
    const { value } = event.args
    return parameterChange(event, 'set', { value }, { value, activeAt: 0 })
  },
  ParameterScheduled: (event) => {
    const { value, next, activeAt } = event.args
    const after = { value, next, activeAt }
    return parameterChange(event, 'scheduled', after, after)
  },
  ParameterReduced: (event) => {
    const { value } = event.args
    return parameterChange(event, 'reduced', { value }, { value })
  },
  ParameterAbdicated: (event) => {
    const { value } = event.args
    const after = { value, abdicated: true, activeAt: 0 }
    return parameterChange(event, 'abdicated', { value }, after)
  },
  VersionPublished: ({ args: { version } }) => [
    ofProtocol(() => ({ version })),
  ],
  TokenListed: ({ args: { token, minVerificationFee } }) => [
    ofToken(token, () => ({ listed: true, minVerificationFee })),
  ],
  SentinelSet: ({ args: { sentinel } }) => [ofProtocol(() => ({ sentinel }))],
  IntakePaused: (event) => [
    ofProtocol(() => ({ intakePausedUntil: event.args.until })),
    notice('parameters', 'IntakePaused', event),
  ],
}

/** LynodeGovernor: proposals and votes. */
export const lynodeGovernorRules: Rules<typeof lynodeGovernorAbi> = {
  ProposalCreated: ({ args }) => [
    insert('proposal', {
      proposalId: args.proposalId,
      proposer: args.proposer,
      description: args.description,
      actions: args.targets.map((target, index) => ({
        target,
        value: `${args.values[index] ?? 0n}`,
        data: args.calldatas[index] ?? '0x',
      })),
      snapshot: Number(args.voteStart),
      deadline: Number(args.voteEnd),
      eta: 0,
      against: 0n,
      for: 0n,
      abstain: 0n,
      voters: 0,
      status: 'created',
    }),
  ],
  ProposalQueued: ({ args: { proposalId, etaSeconds } }) => [
    update('proposal', { proposalId }, () => ({
      status: 'queued',
      eta: Number(etaSeconds),
    })),
  ],
  ProposalExecuted: ({ args: { proposalId } }) => [
    update('proposal', { proposalId }, () => ({ status: 'executed' })),
  ],
  ProposalCanceled: ({ args: { proposalId } }) => [
    update('proposal', { proposalId }, () => ({ status: 'canceled' })),
  ],
  ProposalExtended: ({ args: { proposalId, extendedDeadline } }) => [
    update('proposal', { proposalId }, () => ({
      deadline: Number(extendedDeadline),
    })),
  ],
  VoteCast: (event) => voted(event, '0x'),
  VoteCastWithParams: (event) => voted(event, event.args.params),
  GuardianSet: (event) => [
    ofProtocol(() => ({
      guardian: event.args.guardian,
      guardianUntil: event.args.until,
      guardianTerm: event.args.term,
    })),
    notice('governor', 'GuardianSet', event),
  ],
  EIP712DomainChanged: noticed('governor', 'EIP712DomainChanged'),
  LateQuorumVoteExtensionSet: noticed('governor', 'LateQuorumVoteExtensionSet'),
  ProposalThresholdSet: noticed('governor', 'ProposalThresholdSet'),
  QuorumNumeratorUpdated: noticed('governor', 'QuorumNumeratorUpdated'),
  TimelockChange: noticed('governor', 'TimelockChange'),
  VotingDelaySet: noticed('governor', 'VotingDelaySet'),
  VotingPeriodSet: noticed('governor', 'VotingPeriodSet'),
}

/** StakeVoter: votes of stake. */
export const stakeVoterRules: Rules<typeof stakeVoterAbi> = {
  StakeVoted: ({ args, transaction }) => [
    insert('stakeVote', { ...args, transaction: transaction.hash }),
  ],
  PoolFlushed: ({ args, transaction }) => [
    insert('stakeVote', {
      ...{ ...args, member: null },
      transaction: transaction.hash,
    }),
  ],
  StanceTaken: ({ args }) => [
    upsert('stance', args, () => ({ support: args.support })),
  ],
}

/** TimelockController: what passed votes wait for. */
export const timelockRules: Rules<typeof timelockControllerAbi> = {
  CallScheduled: ({ args, time }) => {
    const call = {
      target: args.target,
      value: `${args.value}`,
      data: args.data,
    }
    const readyAt = time + Number(args.delay)
    return [
      upsert(
        'operation',
        {
          timelockId: args.id,
          calls: [call],
          readyAt,
          executed: 0,
          cancelled: false,
        },
        // A cancelled operation may be scheduled again, from its first call on.
        (row) =>
          args.index === 0n
            ? { calls: [call], readyAt, executed: 0, cancelled: false }
            : { calls: [...row.calls, call] },
      ),
    ]
  },
  CallExecuted: ({ args: { id } }) => [
    update('operation', { timelockId: id }, (row) => ({
      executed: row.executed + 1,
    })),
  ],
  Cancelled: ({ args: { id } }) => [
    update('operation', { timelockId: id }, () => ({ cancelled: true })),
  ],
  CallSalt: noticed('timelock', 'CallSalt'),
  MinDelayChange: noticed('timelock', 'MinDelayChange'),
  RoleAdminChanged: noticed('timelock', 'RoleAdminChanged'),
  RoleGranted: noticed('timelock', 'RoleGranted'),
  RoleRevoked: noticed('timelock', 'RoleRevoked'),
}

/** GrantFactory: vesting grants of LYN. */
export const grantFactoryRules: Rules<typeof grantFactoryAbi> = {
  GrantCreated: noticed('grantFactory', 'GrantCreated'),
}

/** VestingGrant: each grant that the factory made. */
export const vestingGrantRules: Rules<typeof vestingGrantAbi> = {
  ERC20Released: noticed('vestingGrant', 'ERC20Released'),
  EtherReleased: noticed('vestingGrant', 'EtherReleased'),
  OwnershipTransferred: noticed('vestingGrant', 'OwnershipTransferred'),
}

const fractional = 255
const supports = ['against', 'for', 'abstain'] as const

/** A vote, whole or split into three amounts of 128 bits. */
function voted(
  event: DomainEvent<{
    voter: Hex
    proposalId: bigint
    support: number
    weight: bigint
    reason: string
  }>,
  params: Hex,
): Change[] {
  const { voter, proposalId, support, weight, reason } = event.args
  const split = { against: 0n, for: 0n, abstain: 0n }
  const name = supports[support]
  if (name !== undefined) split[name] = weight
  else if (support === fractional && size(params) === 48)
    supports.forEach((one, index) => {
      split[one] = hexToBigInt(slice(params, 16 * index, 16 * (index + 1)))
    })
  return [
    insert('vote', {
      ...{ voter, proposalId, support, weight, reason, ...split },
      transaction: event.transaction.hash,
    }),
    update('proposal', { proposalId }, (row) => ({
      against: row.against + split.against,
      for: row.for + split.for,
      abstain: row.abstain + split.abstain,
      voters: row.voters + 1,
    })),
  ]
}

function parameterChange(
  { args, transaction }: DomainEvent<{ name: Hex }>,
  kind: Values<'parameterChange'>['kind'],
  said: { value: bigint; next?: bigint; activeAt?: number },
  after: Partial<Values<'parameter'>>,
): Change[] {
  // Names are short text in 32 bytes.
  const name = hexToString(args.name, { size: 32 })
  const { value, next = null, activeAt = 0 } = said
  const first = { name, value, next: 0n, activeAt: 0, abdicated: false }
  return [
    upsert('parameter', { ...first, ...after }, () => after),
    insert('parameterChange', {
      ...{ name, kind, value, next, activeAt },
      transaction: transaction.hash,
    }),
  ]
}
