import type { Hex } from 'viem'
import { signTypedData } from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { type TrainingPlan, trainingPlanId } from '../training/trainingPlan.js'
import { orderDomain } from './orderId.js'

export type SignPlanParameters = { plan: TrainingPlan }

export type SignPlanReturnType = { planId: Hex; signature: Hex }

/** EIP-712 type of a plan: its id stands for all of it. */
export const planTypes = {
  TrainingPlan: [{ name: 'planId', type: 'bytes32' }],
} as const

/**
 * Signs a training plan with the client's account (EIP-712), so that whoever
 * reads a training can tell what was announced from what was ordered. No
 * contract reads it.
 *
 * @example
 * const { planId, signature } = await signPlan(client, { plan })
 */
export async function signPlan(
  client: LynodeClient,
  { plan }: SignPlanParameters,
): Promise<SignPlanReturnType> {
  const { chainId, contracts } = client.addressBook
  const planId = trainingPlanId(plan)
  try {
    const signature = await signTypedData(client, {
      account: client.account,
      domain: orderDomain({ chainId, jobMarket: contracts.jobMarket }),
      types: planTypes,
      primaryType: 'TrainingPlan',
      message: { planId },
    })
    return { planId, signature }
  } catch (error) {
    throw toLynodeError(error)
  }
}
