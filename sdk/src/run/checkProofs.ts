import type { Hex } from 'viem'
import { LynodeError } from '../errors/lynodeError.js'
import type { Job } from '../types/job.js'
import { classCodes, type Order } from '../types/order.js'

/**
 * Checks the proofs of a delivered job on this machine, with the key that its
 * model is bound to: `verifyDelivery` of `@lynode/runtime`, which runs in Node.
 * Throws where one does not hold.
 */
export type CheckProofs = (jobId: Hex) => Promise<{ resultRoot: Hex }>

/**
 * Has the proofs of a job of class zk checked, if there is a check; other classes
 * have none. The chain has asked a verifier that the model's publisher chose, so
 * whoever does not check trusts the publisher.
 *
 * @throws LynodeError `LY-ZK-014` when a proof does not hold, or is not of this
 * result.
 */
export async function checkProofsOf(
  order: Order,
  { jobId, resultRoot }: Pick<Job, 'jobId' | 'resultRoot'>,
  checkProofs: CheckProofs | undefined,
): Promise<void> {
  if (order.class !== classCodes.zk || checkProofs === undefined) return
  const proved = await checkProofs(jobId)
  if (proved.resultRoot !== resultRoot)
    throw new LynodeError('LY-ZK-014', {
      details: `job ${jobId}: the proofs are of result ${proved.resultRoot}`,
    })
}
