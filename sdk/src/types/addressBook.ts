import type { Address } from 'viem'

/** Where the protocol's contracts are, as the deployment wrote it. */
export type AddressBook = {
  chainId: number
  contracts: Contracts
  /** Block of the deployment, where logs begin; 0 if it was not recorded. */
  deployBlock: bigint
}

/** The contracts that the sdk's actions call. */
export type Contracts = {
  lynToken: Address
  ledger: Address
  stakeManager: Address
  modelRegistry: Address
  jobMarket: Address
  disputes: Address
  demands: Address
  accumulations: Address
  attestations: Address
  fraudVerifier: Address
  answerVerifier: Address
  reductionVerifier: Address
  witnessVerifier: Address
  checkerRegistry: Address
  parameters: Address
  feeSink: Address
  priceOracle: Address
  offers: Address
  sealedAuctions: Address
  callbacks: Address
  receipts: Address
  zkVerifierRouter: Address
  zkModels: Address
  zkDeliveries: Address
  timelock: Address
  governor: Address
  stakeVoter: Address
  stakerFees: Address
  burnAuction: Address
  rewards: Address
  grantFactory: Address
  auditManager: Address
  canaries: Address
  treasuryVault: Address
}
