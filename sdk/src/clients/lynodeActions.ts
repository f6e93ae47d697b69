import { announceOrder } from '../actions/announceOrder.js'
import { answerDemand } from '../actions/answerDemand.js'
import { approveToken } from '../actions/approveToken.js'
import { burnReserve } from '../actions/burnReserve.js'
import { cancelNonces } from '../actions/cancelNonces.js'
import { claimBond } from '../actions/claimBond.js'
import { commitBalance } from '../actions/commitBalance.js'
import { commitProof } from '../actions/commitProof.js'
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
import { getBalance } from '../actions/getBalance.js'
import { getDemand } from '../actions/getDemand.js'
import { getExecution } from '../actions/getExecution.js'
import { getJob } from '../actions/getJob.js'
import { getModel } from '../actions/getModel.js'
import { getProvider } from '../actions/getProvider.js'
import { getProviders } from '../actions/getProviders.js'
import { leave } from '../actions/leave.js'
import { lockJob } from '../actions/lockJob.js'
import { postOrder } from '../actions/postOrder.js'
import { proveFraud } from '../actions/proveFraud.js'
import { refundJob } from '../actions/refundJob.js'
import { registerModel } from '../actions/registerModel.js'
import { registerNode } from '../actions/registerNode.js'
import { requestLeave } from '../actions/requestLeave.js'
import { requestThaw } from '../actions/requestThaw.js'
import { rotateHotKey } from '../actions/rotateHotKey.js'
import { setCapabilities } from '../actions/setCapabilities.js'
import { setEndpoint } from '../actions/setEndpoint.js'
import { settleJob } from '../actions/settleJob.js'
import { settleJobs } from '../actions/settleJobs.js'
import { signHotKeyConsent } from '../actions/signHotKeyConsent.js'
import { signOrder } from '../actions/signOrder.js'
import { stake } from '../actions/stake.js'
import { withdraw } from '../actions/withdraw.js'
import { withdrawStake } from '../actions/withdrawStake.js'
import type { LynodeClient } from './lynodeClient.js'

type Actions = {
  announceOrder: typeof announceOrder
  answerDemand: typeof answerDemand
  approveToken: typeof approveToken
  burnReserve: typeof burnReserve
  cancelNonces: typeof cancelNonces
  claimBond: typeof claimBond
  commitBalance: typeof commitBalance
  commitProof: typeof commitProof
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
  getBalance: typeof getBalance
  getDemand: typeof getDemand
  getExecution: typeof getExecution
  getJob: typeof getJob
  getModel: typeof getModel
  getProvider: typeof getProvider
  getProviders: typeof getProviders
  leave: typeof leave
  lockJob: typeof lockJob
  postOrder: typeof postOrder
  proveFraud: typeof proveFraud
  refundJob: typeof refundJob
  registerModel: typeof registerModel
  registerNode: typeof registerNode
  requestLeave: typeof requestLeave
  requestThaw: typeof requestThaw
  rotateHotKey: typeof rotateHotKey
  setCapabilities: typeof setCapabilities
  setEndpoint: typeof setEndpoint
  settleJob: typeof settleJob
  settleJobs: typeof settleJobs
  signHotKeyConsent: typeof signHotKeyConsent
  signOrder: typeof signOrder
  stake: typeof stake
  withdraw: typeof withdraw
  withdrawStake: typeof withdrawStake
}

const actions: Actions = {
  announceOrder,
  answerDemand,
  approveToken,
  burnReserve,
  cancelNonces,
  claimBond,
  commitBalance,
  commitProof,
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
  getBalance,
  getDemand,
  getExecution,
  getJob,
  getModel,
  getProvider,
  getProviders,
  leave,
  lockJob,
  postOrder,
  proveFraud,
  refundJob,
  registerModel,
  registerNode,
  requestLeave,
  requestThaw,
  rotateHotKey,
  setCapabilities,
  setEndpoint,
  settleJob,
  settleJobs,
  signHotKeyConsent,
  signOrder,
  stake,
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
