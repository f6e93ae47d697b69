import {
  auditManagerAbi,
  burnAuctionAbi,
  canariesAbi,
  cancelProposal,
  castVote,
  delegateVotes,
  executeProposal,
  flushPool,
  ledgerAbi,
  lynodeGovernorAbi,
  type ProposalAction,
  parametersAbi,
  priceOracleAbi,
  propose,
  publishParameters,
  queueProposal,
  takeStance,
  vaultAbi,
  voteStake,
  zkVerifierRouterAbi,
} from '@lynode/sdk'
import {
  type Abi,
  type Address,
  encodeFunctionData,
  parseEther,
  stringToHex,
  zeroHash,
} from 'viem'
import { closeUnheard } from './indexedAudits.js'
import type { IndexedScenario } from './indexedScenario.js'

const bytes32 = (text: string) => stringToHex(text, { size: 32 })

/**
 * What only the timelock may do, by proposals: one that swings late and does
 * everything, one that takes a part of it back, one that names a guardian, and
 * one that the guardian stops.
 */
export async function govern(on: IndexedScenario): Promise<void> {
  const whale = on.as('deployer')
  const at = on.contracts
  const guardian = on.as('third').account.address
  await delegateVotes.sync(whale, { to: whale.account.address })
  const token = await on.secondToken()
  const selector = await on.provingSelector()
  const escrow = parseEther('500')
  await on.deposit(whale, escrow, at.canaries)
  await carry(on, 'everything', [
    call(at.parameters, parametersAbi, 'schedule', [
      ...[bytes32('feeBpsLyn'), 100n],
    ]),
    call(at.parameters, parametersAbi, 'abdicate', [bytes32('auditRate')]),
    call(at.parameters, parametersAbi, 'listToken', [token, 0n]),
    call(at.parameters, parametersAbi, 'setSentinel', [guardian]),
    call(at.parameters, parametersAbi, 'setIntakePause', [1]),
    call(at.ledger, ledgerAbi, 'allowToken', [token]),
    call(at.priceOracle, priceOracleAbi, 'setLynRate', [
      ...[token, parseEther('1')],
    ]),
    call(at.burnAuction, burnAuctionAbi, 'setReference', [
      ...[token, parseEther('1')],
    ]),
    call(at.treasuryVault, vaultAbi, 'pay', [at.lynToken, guardian, 5n]),
    call(at.zkVerifierRouter, zkVerifierRouterAbi, 'retire', [selector]),
    call(at.auditManager, auditManagerAbi, 'payOracle', [
      ...[at.lynToken, guardian, 7n],
    ]),
    // A subscription that the coordinator does not know.
    subscribe(on, 999n),
    call(at.canaries, canariesAbi, 'setCurator', [guardian]),
    call(at.canaries, canariesAbi, 'withdraw', [9n, guardian]),
  ])
  await closeUnheard(on)
  await carry(on, 'an oracle', [subscribe(on, 1n)])
  const until = (await on.time()) + 10_000
  await carry(on, 'a guardian', [
    call(at.governor, lynodeGovernorAbi, 'setGuardian', [guardian, until]),
  ])
  await stop(on)
  await on.write(on.as('third'), at.parameters, parametersAbi, 'reduce', [
    bytes32('feeBps'),
    200n,
  ])
  await publishParameters.sync(whale, {})
}

/** Proposes and votes at the last moment, so that the deadline moves; then executes. */
async function carry(
  on: IndexedScenario,
  description: string,
  actions: ProposalAction[],
): Promise<void> {
  const whale = on.as('deployer')
  const owner = on.as('provider-owner')
  const content = { actions, description }
  const { event } = await propose.sync(whale, content)
  const { proposalId } = event
  const providerId = on.ids.first
  const vote = { proposalId, providerId, nonce: 0 }
  await on.pass(3)
  await voteStake.sync(owner, { ...vote, support: 'against' })
  await takeStance.sync(owner, { proposalId, providerId, support: 'abstain' })
  // Both are a matter of the last seconds of a vote.
  await on.until(Number(event.voteEnd) - 6)
  await flushPool.sync(whale, { ...vote, nonce: on.ids.pool })
  await castVote.sync(whale, {
    ...{ proposalId, support: 'for', reason: 'why not' },
  })
  await on.pass(30)
  await queueProposal.sync(whale, content)
  await on.pass(10)
  await executeProposal.sync(whale, content)
}

/** A proposal that passes, is queued, and that the guardian cancels. */
async function stop(on: IndexedScenario): Promise<void> {
  const whale = on.as('deployer')
  const content = {
    description: 'never',
    actions: [
      call(on.contracts.parameters, parametersAbi, 'setSentinel', [
        on.contracts.timelock,
      ]),
    ],
  }
  const { event } = await propose.sync(whale, content)
  await on.pass(3)
  await castVote.sync(whale, {
    ...{ proposalId: event.proposalId, support: 'for', reason: '' },
  })
  await on.pass(70)
  await queueProposal.sync(whale, content)
  await cancelProposal.sync(on.as('third'), content)
}

function subscribe(on: IndexedScenario, subscription: bigint): ProposalAction {
  const { auditManager } = on.contracts
  const args = [subscription, zeroHash]
  return call(auditManager, auditManagerAbi, 'setSubscription', args)
}

function call(
  target: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
): ProposalAction {
  const data = encodeFunctionData({ abi, functionName, args })
  return { target, value: 0n, data }
}
