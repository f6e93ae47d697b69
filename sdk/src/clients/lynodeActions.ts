import { absorbTerms } from '../actions/absorbTerms.js'
import { announceOffer } from '../actions/announceOffer.js'
import { announceOrder } from '../actions/announceOrder.js'
import { answerDemand } from '../actions/answerDemand.js'
import { approveToken } from '../actions/approveToken.js'
import { burnReserve } from '../actions/burnReserve.js'
import { callbackJob } from '../actions/callbackJob.js'
import { cancelNonces } from '../actions/cancelNonces.js'
import { cancelOffer } from '../actions/cancelOffer.js'
import { claimBond } from '../actions/claimBond.js'
import { claimLate } from '../actions/claimLate.js'
import { closeAuction } from '../actions/closeAuction.js'
import { closeBid } from '../actions/closeBid.js'
import { commitBalance } from '../actions/commitBalance.js'
import { commitProof } from '../actions/commitProof.js'
import { declineJob } from '../actions/declineJob.js'
import { deliverResult } from '../actions/deliverResult.js'
import { deliverWithOutputs } from '../actions/deliverWithOutputs.js'
import { demand } from '../actions/demand.js'
import { deposit } from '../actions/deposit.js'
import { depositCommitted } from '../actions/depositCommitted.js'
import { distributeFees } from '../actions/distributeFees.js'
import { expireDemand } from '../actions/expireDemand.js'
import { expireLock } from '../actions/expireLock.js'
import { findOrder } from '../actions/findOrder.js'
import { forfeitCommit } from '../actions/forfeitCommit.js'
import { getAuction } from '../actions/getAuction.js'
import { getAuctionBond } from '../actions/getAuctionBond.js'
import { getBalance } from '../actions/getBalance.js'
import { getBid } from '../actions/getBid.js'
import { getDemand } from '../actions/getDemand.js'
import { getExecution } from '../actions/getExecution.js'
import { getFilled } from '../actions/getFilled.js'
import { getJob } from '../actions/getJob.js'
import { getMaxExposure } from '../actions/getMaxExposure.js'
import { getModel } from '../actions/getModel.js'
import { getProvider } from '../actions/getProvider.js'
import { getProviders } from '../actions/getProviders.js'
import { getRates } from '../actions/getRates.js'
import { judgeAccumulation } from '../actions/judgeAccumulation.js'
import { leave } from '../actions/leave.js'
import { lockAllowed } from '../actions/lockAllowed.js'
import { lockJob } from '../actions/lockJob.js'
import { lockWinner } from '../actions/lockWinner.js'
import { lockWithOffer } from '../actions/lockWithOffer.js'
import { lockWithPermit } from '../actions/lockWithPermit.js'
import { openAccumulation } from '../actions/openAccumulation.js'
import { openAuction } from '../actions/openAuction.js'
import { openCase } from '../actions/openCase.js'
import { placeBid } from '../actions/placeBid.js'
import { pokePrice } from '../actions/pokePrice.js'
import { postOrder } from '../actions/postOrder.js'
import { proveByWitness } from '../actions/proveByWitness.js'
import { proveFraud } from '../actions/proveFraud.js'
import { reclaimCallbackFee } from '../actions/reclaimCallbackFee.js'
import { refundJob } from '../actions/refundJob.js'
import { registerModel } from '../actions/registerModel.js'
import { registerNode } from '../actions/registerNode.js'
import { requestLeave } from '../actions/requestLeave.js'
import { requestThaw } from '../actions/requestThaw.js'
import { revealBid } from '../actions/revealBid.js'
import { rotateHotKey } from '../actions/rotateHotKey.js'
import { setCapabilities } from '../actions/setCapabilities.js'
import { setEndpoint } from '../actions/setEndpoint.js'
import { settleJob } from '../actions/settleJob.js'
import { settleJobs } from '../actions/settleJobs.js'
import { signHotKeyConsent } from '../actions/signHotKeyConsent.js'
import { signOffer } from '../actions/signOffer.js'
import { signOrder } from '../actions/signOrder.js'
import { signOrderBatch } from '../actions/signOrderBatch.js'
import { signPermit } from '../actions/signPermit.js'
import { stake } from '../actions/stake.js'
import { train } from '../actions/train.js'
import { withdraw } from '../actions/withdraw.js'
import { withdrawStake } from '../actions/withdrawStake.js'
import type { LynodeClient } from './lynodeClient.js'

type Actions = {
  absorbTerms: typeof absorbTerms
  claimLate: typeof claimLate
  judgeAccumulation: typeof judgeAccumulation
  openAccumulation: typeof openAccumulation
  openCase: typeof openCase
  proveByWitness: typeof proveByWitness
  announceOffer: typeof announceOffer
  announceOrder: typeof announceOrder
  answerDemand: typeof answerDemand
  approveToken: typeof approveToken
  burnReserve: typeof burnReserve
  callbackJob: typeof callbackJob
  cancelNonces: typeof cancelNonces
  cancelOffer: typeof cancelOffer
  claimBond: typeof claimBond
  closeAuction: typeof closeAuction
  closeBid: typeof closeBid
  commitBalance: typeof commitBalance
  commitProof: typeof commitProof
  declineJob: typeof declineJob
  deliverResult: typeof deliverResult
  deliverWithOutputs: typeof deliverWithOutputs
  demand: typeof demand
  deposit: typeof deposit
  depositCommitted: typeof depositCommitted
  distributeFees: typeof distributeFees
  expireDemand: typeof expireDemand
  expireLock: typeof expireLock
  findOrder: typeof findOrder
  forfeitCommit: typeof forfeitCommit
  getAuction: typeof getAuction
  getAuctionBond: typeof getAuctionBond
  getBalance: typeof getBalance
  getBid: typeof getBid
  getDemand: typeof getDemand
  getExecution: typeof getExecution
  getFilled: typeof getFilled
  getJob: typeof getJob
  getMaxExposure: typeof getMaxExposure
  getModel: typeof getModel
  getProvider: typeof getProvider
  getProviders: typeof getProviders
  getRates: typeof getRates
  leave: typeof leave
  lockAllowed: typeof lockAllowed
  lockJob: typeof lockJob
  lockWinner: typeof lockWinner
  lockWithOffer: typeof lockWithOffer
  lockWithPermit: typeof lockWithPermit
  openAuction: typeof openAuction
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
  setEndpoint: typeof setEndpoint
  settleJob: typeof settleJob
  settleJobs: typeof settleJobs
  signHotKeyConsent: typeof signHotKeyConsent
  signOffer: typeof signOffer
  signOrder: typeof signOrder
  signOrderBatch: typeof signOrderBatch
  signPermit: typeof signPermit
  stake: typeof stake
  train: typeof train
  withdraw: typeof withdraw
  withdrawStake: typeof withdrawStake
}

const actions: Actions = {
  absorbTerms,
  claimLate,
  judgeAccumulation,
  openAccumulation,
  openCase,
  proveByWitness,
  announceOffer,
  announceOrder,
  answerDemand,
  approveToken,
  burnReserve,
  callbackJob,
  cancelNonces,
  cancelOffer,
  claimBond,
  closeAuction,
  closeBid,
  commitBalance,
  commitProof,
  declineJob,
  deliverResult,
  deliverWithOutputs,
  demand,
  deposit,
  depositCommitted,
  distributeFees,
  expireDemand,
  expireLock,
  findOrder,
  forfeitCommit,
  getAuction,
  getAuctionBond,
  getBalance,
  getBid,
  getDemand,
  getExecution,
  getFilled,
  getJob,
  getMaxExposure,
  getModel,
  getProvider,
  getProviders,
  getRates,
  leave,
  lockAllowed,
  lockJob,
  lockWinner,
  lockWithOffer,
  lockWithPermit,
  openAuction,
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
  setEndpoint,
  settleJob,
  settleJobs,
  signHotKeyConsent,
  signOffer,
  signOrder,
  signOrderBatch,
  signPermit,
  stake,
  train,
  withdraw,
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
    Object.entries(actions).map(([name, action]) => [
      name,
      (parameters: never) => action(client, parameters),
    ]),
  ) as LynodeActions
}
