import * as sdk from '@lynode/sdk'
import type { Abi } from 'viem'
import * as audits from './domain/audits.js'
import * as disputes from './domain/disputes.js'
import type { Rule } from './domain/event.js'
import * as governance from './domain/governance.js'
import { jobMarketRules } from './domain/jobMarket.js'
import { ledgerRules } from './domain/ledger.js'
import * as market from './domain/market.js'
import * as models from './domain/models.js'
import * as rewards from './domain/rewards.js'
import * as stake from './domain/stake.js'
import * as tokens from './domain/tokens.js'

/** A contract of the address book: what it emits and what that does. */
export type Source = {
  abi: Abi
  // Each rule knows the arguments of its own event alone.
  rules: Record<string, Rule<never>>
}

const sourceOf = <const abi extends Abi>(
  abi: abi,
  rules: Record<string, Rule<never>>,
): Source => ({ abi: abi.filter(({ type }) => type === 'event'), rules })

/** Every contract of the address book that emits events, by its name there. */
export const sources = {
  lynToken: sourceOf(sdk.lynTokenAbi, tokens.lynTokenRules),
  ledger: sourceOf(sdk.ledgerAbi, ledgerRules),
  // Two interfaces at one address.
  stakeManager: sourceOf([...sdk.stakeManagerAbi, ...sdk.delegationPoolsAbi], {
    ...stake.stakeManagerRules,
    ...stake.delegationPoolsRules,
  }),
  modelRegistry: sourceOf(sdk.modelRegistryAbi, models.modelRegistryRules),
  jobMarket: sourceOf(sdk.jobMarketAbi, jobMarketRules),
  disputes: sourceOf(sdk.disputesAbi, disputes.disputesRules),
  demands: sourceOf(sdk.demandsAbi, disputes.demandsRules),
  accumulations: sourceOf(sdk.accumulationsAbi, disputes.accumulationsRules),
  attestations: sourceOf(sdk.attestationsAbi, disputes.attestationsRules),
  receipts: sourceOf(sdk.receiptsAbi, market.receiptsRules),
  checkerRegistry: sourceOf(
    sdk.checkerRegistryAbi,
    models.checkerRegistryRules,
  ),
  parameters: sourceOf(sdk.parametersAbi, governance.parametersRules),
  feeSink: sourceOf(sdk.feeSinkAbi, tokens.feeSinkRules),
  priceOracle: sourceOf(sdk.priceOracleAbi, tokens.priceOracleRules),
  offers: sourceOf(sdk.offersAbi, market.offersRules),
  sealedAuctions: sourceOf(sdk.sealedAuctionsAbi, market.sealedAuctionsRules),
  callbacks: sourceOf(sdk.callbacksAbi, market.callbacksRules),
  zkVerifierRouter: sourceOf(
    sdk.zkVerifierRouterAbi,
    models.zkVerifierRouterRules,
  ),
  zkModels: sourceOf(sdk.zkModelsAbi, models.zkModelsRules),
  zkDeliveries: sourceOf(sdk.zkDeliveriesAbi, models.zkDeliveriesRules),
  timelock: sourceOf(sdk.timelockControllerAbi, governance.timelockRules),
  governor: sourceOf(sdk.lynodeGovernorAbi, governance.lynodeGovernorRules),
  stakeVoter: sourceOf(sdk.stakeVoterAbi, governance.stakeVoterRules),
  stakerFees: sourceOf(sdk.stakerFeesAbi, rewards.stakerFeesRules),
  burnAuction: sourceOf(sdk.burnAuctionAbi, tokens.burnAuctionRules),
  rewards: sourceOf(sdk.rewardsAbi, rewards.rewardsRules),
  grantFactory: sourceOf(sdk.grantFactoryAbi, governance.grantFactoryRules),
  auditManager: sourceOf(sdk.auditManagerAbi, audits.auditManagerRules),
  canaries: sourceOf(sdk.canariesAbi, audits.canariesRules),
  treasuryVault: sourceOf(sdk.vaultAbi, tokens.vaultRules('treasuryVault')),
} satisfies Partial<Record<keyof sdk.Contracts, Source>>

/** The grants that the factory made: their addresses are in its events. */
export const vestingGrant = sourceOf(
  sdk.vestingGrantAbi,
  governance.vestingGrantRules,
)
