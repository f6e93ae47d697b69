import { absorbTerms } from '../actions/absorbTerms.js'
import { addZkVerifier } from '../actions/addZkVerifier.js'
import { announceOffer } from '../actions/announceOffer.js'
import { announceOrder } from '../actions/announceOrder.js'
import { answerDemand } from '../actions/answerDemand.js'
import { approveToken } from '../actions/approveToken.js'
import { bindZkModel } from '../actions/bindZkModel.js'
import { burnReserve } from '../actions/burnReserve.js'
import { callbackJob } from '../actions/callbackJob.js'
import { cancelNonces } from '../actions/cancelNonces.js'
import { cancelOffer } from '../actions/cancelOffer.js'
import { cancelProposal } from '../actions/cancelProposal.js'
import { castVote } from '../actions/castVote.js'
import { claimBond } from '../actions/claimBond.js'
import { claimLate } from '../actions/claimLate.js'
import { claimRewards } from '../actions/claimRewards.js'
import { closeAuction } from '../actions/closeAuction.js'
import { closeBid } from '../actions/closeBid.js'
import { commitBalance } from '../actions/commitBalance.js'
import { commitProof } from '../actions/commitProof.js'
import { declineJob } from '../actions/declineJob.js'
import { delegate } from '../actions/delegate.js'
import { delegateVotes } from '../actions/delegateVotes.js'
import { deliverProved } from '../actions/deliverProved.js'
import { deliverResult } from '../actions/deliverResult.js'
import { deliverWithOutputs } from '../actions/deliverWithOutputs.js'
import { demand } from '../actions/demand.js'
import { deposit } from '../actions/deposit.js'
import { depositCommitted } from '../actions/depositCommitted.js'
import { distributeFees } from '../actions/distributeFees.js'
import { distributeRewards } from '../actions/distributeRewards.js'
import { executeProposal } from '../actions/executeProposal.js'
import { expireDemand } from '../actions/expireDemand.js'
import { expireLock } from '../actions/expireLock.js'
import { findOrder } from '../actions/findOrder.js'
import { flushPool } from '../actions/flushPool.js'
import { forfeitCommit } from '../actions/forfeitCommit.js'
import { getAuction } from '../actions/getAuction.js'
import { getAuctionBond } from '../actions/getAuctionBond.js'
import { getBalance } from '../actions/getBalance.js'
import { getBid } from '../actions/getBid.js'
import { getDelegation } from '../actions/getDelegation.js'
import { getDelegations } from '../actions/getDelegations.js'
import { getDemand } from '../actions/getDemand.js'
import { getExecution } from '../actions/getExecution.js'
import { getFilled } from '../actions/getFilled.js'
import { getJob } from '../actions/getJob.js'
import { getMaxExposure } from '../actions/getMaxExposure.js'
import { getModel } from '../actions/getModel.js'
import { getParameters } from '../actions/getParameters.js'
import { getPool } from '../actions/getPool.js'
import { getPoolHistory } from '../actions/getPoolHistory.js'
import { getProposal, getProposals } from '../actions/getProposals.js'
import { getProvedDelivery } from '../actions/getProvedDelivery.js'
import { getProvider } from '../actions/getProvider.js'
import { getProviders } from '../actions/getProviders.js'
import { getRates } from '../actions/getRates.js'
import { getThaws } from '../actions/getThaws.js'
import { getTreasury } from '../actions/getTreasury.js'
import { getZkModel } from '../actions/getZkModel.js'
import { getZkVerifier } from '../actions/getZkVerifier.js'
import { judgeAccumulation } from '../actions/judgeAccumulation.js'
import { leave } from '../actions/leave.js'
import { lockAllowed } from '../actions/lockAllowed.js'
import { lockJob } from '../actions/lockJob.js'
import { lockWinner } from '../actions/lockWinner.js'
import { lockWithOffer } from '../actions/lockWithOffer.js'
import { lockWithPermit } from '../actions/lockWithPermit.js'
import { openAccumulation } from '../actions/openAccumulation.js'
import { openAuction } from '../actions/openAuction.js'
import { openPool } from '../actions/openPool.js'
import { placeBid } from '../actions/placeBid.js'
import { pokePrice } from '../actions/pokePrice.js'
import { postOrder } from '../actions/postOrder.js'
import { propose } from '../actions/propose.js'
import { proveByWitness } from '../actions/proveByWitness.js'
import { proveFraud } from '../actions/proveFraud.js'
import { publishParameters } from '../actions/publishParameters.js'
import { queueProposal } from '../actions/queueProposal.js'
import { reclaimCallbackFee } from '../actions/reclaimCallbackFee.js'
import { refundJob } from '../actions/refundJob.js'
import { registerModel } from '../actions/registerModel.js'
import { registerNode } from '../actions/registerNode.js'
import { requestLeave } from '../actions/requestLeave.js'
import { requestThaw } from '../actions/requestThaw.js'
import { revealBid } from '../actions/revealBid.js'
import { rotateHotKey } from '../actions/rotateHotKey.js'
import { setCapabilities } from '../actions/setCapabilities.js'
import { setCommission } from '../actions/setCommission.js'
import { setEndpoint } from '../actions/setEndpoint.js'
import { settleJob } from '../actions/settleJob.js'
import { settleJobs } from '../actions/settleJobs.js'
import { signHotKeyConsent } from '../actions/signHotKeyConsent.js'
import { signOffer } from '../actions/signOffer.js'
import { signOrder } from '../actions/signOrder.js'
import { signOrderBatch } from '../actions/signOrderBatch.js'
import { signPermit } from '../actions/signPermit.js'
import { signPlan } from '../actions/signPlan.js'
import { stake } from '../actions/stake.js'
import { takeStance } from '../actions/takeStance.js'
import { train } from '../actions/train.js'
import { undelegate } from '../actions/undelegate.js'
import { unjail } from '../actions/unjail.js'
import { verifyPlan } from '../actions/verifyPlan.js'
import { voteStake } from '../actions/voteStake.js'
import { withdraw } from '../actions/withdraw.js'
import { withdrawDelegation } from '../actions/withdrawDelegation.js'
import { withdrawStake } from '../actions/withdrawStake.js'
import type { RunResult } from '../run/followJob.js'
import { followJob } from '../run/followJob.js'
import { loadModel } from '../run/loadModel.js'
import { run } from '../run/run.js'
import {
  type ModelReference,
  type OutputsOf,
  type RunParameters,
  type RunState,
  runStates,
} from '../run/runStates.js'
import { verifyResult } from '../run/verifyResult.js'
import type { LynodeClient } from './lynodeClient.js'

type Actions = {
  followJob: typeof followJob
  loadModel: typeof loadModel
  verifyResult: typeof verifyResult
  addZkVerifier: typeof addZkVerifier
  absorbTerms: typeof absorbTerms
  claimLate: typeof claimLate
  judgeAccumulation: typeof judgeAccumulation
  openAccumulation: typeof openAccumulation
  proveByWitness: typeof proveByWitness
  cancelProposal: typeof cancelProposal
  castVote: typeof castVote
  delegateVotes: typeof delegateVotes
  executeProposal: typeof executeProposal
  flushPool: typeof flushPool
  getParameters: typeof getParameters
  getProposals: typeof getProposals
  getTreasury: typeof getTreasury
  propose: typeof propose
  publishParameters: typeof publishParameters
  queueProposal: typeof queueProposal
  takeStance: typeof takeStance
  voteStake: typeof voteStake
  getProposal: typeof getProposal
  announceOffer: typeof announceOffer
  announceOrder: typeof announceOrder
  answerDemand: typeof answerDemand
  approveToken: typeof approveToken
  bindZkModel: typeof bindZkModel
  burnReserve: typeof burnReserve
  callbackJob: typeof callbackJob
  cancelNonces: typeof cancelNonces
  cancelOffer: typeof cancelOffer
  claimBond: typeof claimBond
  claimRewards: typeof claimRewards
  closeAuction: typeof closeAuction
  closeBid: typeof closeBid
  commitBalance: typeof commitBalance
  commitProof: typeof commitProof
  declineJob: typeof declineJob
  deliverProved: typeof deliverProved
  delegate: typeof delegate
  deliverResult: typeof deliverResult
  deliverWithOutputs: typeof deliverWithOutputs
  demand: typeof demand
  deposit: typeof deposit
  depositCommitted: typeof depositCommitted
  distributeFees: typeof distributeFees
  distributeRewards: typeof distributeRewards
  expireDemand: typeof expireDemand
  expireLock: typeof expireLock
  findOrder: typeof findOrder
  forfeitCommit: typeof forfeitCommit
  getAuction: typeof getAuction
  getAuctionBond: typeof getAuctionBond
  getBalance: typeof getBalance
  getBid: typeof getBid
  getDelegation: typeof getDelegation
  getDelegations: typeof getDelegations
  getDemand: typeof getDemand
  getExecution: typeof getExecution
  getFilled: typeof getFilled
  getJob: typeof getJob
  getMaxExposure: typeof getMaxExposure
  getModel: typeof getModel
  getPool: typeof getPool
  getPoolHistory: typeof getPoolHistory
  getProvider: typeof getProvider
  getProviders: typeof getProviders
  getRates: typeof getRates
  getProvedDelivery: typeof getProvedDelivery
  getZkModel: typeof getZkModel
  getZkVerifier: typeof getZkVerifier
  getThaws: typeof getThaws
  leave: typeof leave
  lockAllowed: typeof lockAllowed
  lockJob: typeof lockJob
  lockWinner: typeof lockWinner
  lockWithOffer: typeof lockWithOffer
  lockWithPermit: typeof lockWithPermit
  openAuction: typeof openAuction
  openPool: typeof openPool
  placeBid: typeof placeBid
  pokePrice: typeof pokePrice
  postOrder: typeof postOrder
  proveFraud: typeof proveFraud
  reclaimCallbackFee: typeof reclaimCallbackFee
  refundJob: typeof refundJob
  registerModel: typeof registerModel
  registerNode: typeof registerNode
  requestLeave: typeof requestLeave
  requestThaw: typeof requestThaw
  revealBid: typeof revealBid
  rotateHotKey: typeof rotateHotKey
  setCapabilities: typeof setCapabilities
  setCommission: typeof setCommission
  setEndpoint: typeof setEndpoint
  settleJob: typeof settleJob
  settleJobs: typeof settleJobs
  signHotKeyConsent: typeof signHotKeyConsent
  signOffer: typeof signOffer
  signOrder: typeof signOrder
  signOrderBatch: typeof signOrderBatch
  signPermit: typeof signPermit
  signPlan: typeof signPlan
  stake: typeof stake
  undelegate: typeof undelegate
  unjail: typeof unjail
  train: typeof train
  verifyPlan: typeof verifyPlan
  withdraw: typeof withdraw
  withdrawDelegation: typeof withdrawDelegation
  withdrawStake: typeof withdrawStake
}

const actions: Actions & {
  run: typeof run
  runStates: typeof runStates
} = {
  followJob,
  loadModel,
  verifyResult,
  run,
  runStates,
  addZkVerifier,
  absorbTerms,
  claimLate,
  judgeAccumulation,
  openAccumulation,
  proveByWitness,
  cancelProposal,
  castVote,
  delegateVotes,
  executeProposal,
  flushPool,
  getParameters,
  getProposals,
  getTreasury,
  propose,
  publishParameters,
  queueProposal,
  takeStance,
  voteStake,
  getProposal,
  announceOffer,
  announceOrder,
  answerDemand,
  approveToken,
  bindZkModel,
  burnReserve,
  callbackJob,
  cancelNonces,
  cancelOffer,
  claimBond,
  claimRewards,
  closeAuction,
  closeBid,
  commitBalance,
  commitProof,
  declineJob,
  deliverProved,
  delegate,
  deliverResult,
  deliverWithOutputs,
  demand,
  deposit,
  depositCommitted,
  distributeFees,
  distributeRewards,
  expireDemand,
  expireLock,
  findOrder,
  forfeitCommit,
  getAuction,
  getAuctionBond,
  getBalance,
  getBid,
  getDelegation,
  getDelegations,
  getDemand,
  getExecution,
  getFilled,
  getJob,
  getMaxExposure,
  getModel,
  getPool,
  getPoolHistory,
  getProvider,
  getProviders,
  getRates,
  getProvedDelivery,
  getZkModel,
  getZkVerifier,
  getThaws,
  leave,
  lockAllowed,
  lockJob,
  lockWinner,
  lockWithOffer,
  lockWithPermit,
  openAuction,
  openPool,
  placeBid,
  pokePrice,
  postOrder,
  proveFraud,
  reclaimCallbackFee,
  refundJob,
  registerModel,
  registerNode,
  requestLeave,
  requestThaw,
  revealBid,
  rotateHotKey,
  setCapabilities,
  setCommission,
  setEndpoint,
  settleJob,
  settleJobs,
  signHotKeyConsent,
  signOffer,
  signOrder,
  signOrderBatch,
  signPermit,
  signPlan,
  stake,
  undelegate,
  unjail,
  train,
  verifyPlan,
  withdraw,
  withdrawDelegation,
  withdrawStake,
}

/** The protocol's actions, bound to a client. */
export type LynodeActions = {
  [name in keyof Actions]: Actions[name] extends (
    client: never,
    ...parameters: infer parameters
  ) => infer result
    ? (...parameters: parameters) => result
    : never
} & {
  // Spelled out: the types of the inputs follow from the model.
  run<const model extends ModelReference>(
    parameters: RunParameters<model> & {
      onState?: ((state: RunState<model>) => void) | undefined
    },
  ): Promise<RunResult<OutputsOf<model>>>
  runStates<const model extends ModelReference>(
    parameters: RunParameters<model>,
  ): AsyncGenerator<RunState<model>, RunResult<OutputsOf<model>>, undefined>
}

/**
 * Decorates a client that has an address book with the protocol's actions.
 *
 * @example
 * const lynode = client.extend(withAddressBook(book)).extend(lynodeActions)
 * await lynode.settleJob({ order })
 */
export function lynodeActions(client: LynodeClient): LynodeActions {
  return Object.fromEntries(
    Object.entries(actions as Actions).map(([name, action]) => [
      name,
      (parameters: never) => action(client, parameters),
    ]),
  ) as LynodeActions
}
