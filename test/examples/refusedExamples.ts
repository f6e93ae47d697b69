type Refusal = { code: string; reason: string }

const noDispute = 'needs a wrong result, and one that nobody has convicted yet'
const noAudit = 'needs an audit that the draw gave to this account'
const noParts = 'needs a reduction of thousands of terms that is in dispute'
const noProposal = 'needs a proposal whose days of voting are over'
const noVoters =
  'needs stake that was there before a proposal, in the same pool'
const noWinner =
  'needs an auction whose bids are opened, minutes after it began'
const noCircuit =
  'needs a circuit and its proving key, which take minutes to make'
const noCallback = 'needs a contract that buys, and takes its result by a call'
const noNotice = 'needs a notice, or a thaw, that has run for days'

/**
 * Examples that need a past which the devnet of the test has not, and the code
 * with which the contracts refuse them there: they run up to the contract.
 */
export const refusedExamples: Readonly<Record<string, Refusal>> = {
  burnReserve: { code: 'LY-DIS-022', reason: noDispute },
  claimBond: { code: 'LY-DIS-009', reason: noDispute },
  claimLate: { code: 'LY-ACC-004', reason: noDispute },
  expireDemand: { code: 'LY-DIS-009', reason: noDispute },
  proveByWitness: { code: 'LY-DIS-009', reason: noDispute },
  proveFraud: { code: 'LY-DIS-016', reason: noDispute },
  absorbTerms: { code: 'LY-ACC-001', reason: noParts },
  judgeAccumulation: { code: 'LY-ACC-001', reason: noParts },
  openAccumulation: { code: 'LY-DIS-001', reason: noParts },

  attestWithheld: { code: 'LY-AUD-007', reason: noAudit },
  commitAudit: { code: 'LY-AUD-003', reason: noAudit },
  demandMismatch: { code: 'LY-AUD-007', reason: noAudit },
  openCase: { code: 'LY-ATT-001', reason: noAudit },
  releaseAudit: { code: 'LY-AUD-008', reason: noAudit },
  reportAbsent: { code: 'LY-AUD-003', reason: noAudit },
  revealAudit: { code: 'LY-AUD-007', reason: noAudit },
  settleCase: { code: 'LY-ATT-002', reason: noAudit },
  requestSeed: {
    code: 'LY-AUD-001',
    reason: 'the verifier of a devnet asks for every seed at once',
  },
  fallbackSeed: {
    code: 'LY-AUD-001',
    reason: 'the oracle of a devnet gives every seed in time',
  },

  castVote: { code: 'LY-TX-002', reason: noProposal },
  queueProposal: { code: 'LY-GOV-004', reason: noProposal },
  executeProposal: { code: 'LY-GOV-004', reason: noProposal },
  publishParameters: { code: 'LY-GOV-008', reason: noProposal },
  flushPool: { code: 'LY-GOV-007', reason: noVoters },
  takeStance: { code: 'LY-GOV-001', reason: noVoters },
  voteStake: { code: 'LY-GOV-005', reason: noVoters },

  closeAuction: { code: 'LY-SEA-002', reason: noWinner },
  closeBid: { code: 'LY-SEA-002', reason: noWinner },
  lockWinner: { code: 'LY-SEA-002', reason: noWinner },

  bindZkModel: { code: 'LY-ZK-007', reason: noCircuit },
  deliverProved: { code: 'LY-ZK-006', reason: noCircuit },
  getProvedDelivery: { code: 'LY-ZK-009', reason: noCircuit },
  getZkModel: { code: 'LY-ZK-006', reason: noCircuit },
  getZkVerifier: { code: 'LY-ZK-005', reason: noCircuit },

  callbackJob: { code: 'LY-CAL-002', reason: noCallback },
  reclaimCallbackFee: { code: 'LY-CAL-002', reason: noCallback },

  leave: { code: 'LY-LED-006', reason: noNotice },
  withdrawDelegation: { code: 'LY-STK-019', reason: noNotice },
  withdrawStake: { code: 'LY-STK-008', reason: noNotice },
  unjail: {
    code: 'LY-STK-014',
    reason:
      'needs a provider that was slashed, and whose days in jail are over',
  },

  train: {
    code: 'Error: nobody sells here',
    reason: 'needs providers that train for minutes: `npm run test:training`',
  },
  createIndexerClient: {
    code: 'LY-IDX-004',
    reason: 'needs an indexer, which is a process of its own',
  },
}
