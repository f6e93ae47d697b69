import { type Daemon, fetchInputs } from '@lynode/runtime'
import {
  classCodes,
  containsCapabilities,
  getProvider,
  LynodeError,
  type Order,
} from '@lynode/sdk'
import { askingPrice } from './askingPrice.js'
import type { Costs } from './costs.js'
import { NotNow } from './notNow.js'

/** Share of the delivery time that a job may fill. */
export const safety = 0.5

/** What is known of a job before anybody is bound to it. */
export type JobTerms = Pick<
  Order,
  | 'modelId'
  | 'class'
  | 'steps'
  | 'inputRoot'
  | 'payToken'
  | 'collateral'
  | 'deliverDuration'
  | 'capabilities'
>

/** Kinds of reasons, as metrics count them. */
export type SkipKind =
  | 'late'
  | 'others'
  | 'token'
  | 'stake'
  | 'class'
  | 'inputs'
  | 'model'
  | 'slow'
  | 'cost'
  | 'price'
  | 'bids'
  | 'bond'
  | 'refused'

/** Why a job is not wanted, or for how many LYN wei it is, and what it takes. */
export type Judgement =
  | { reason: string; kind: SkipKind }
  | { reason?: undefined; wanted: bigint; stepSeconds: number }

/**
 * Decides whether a job can be done here and what it must pay. Its inputs are
 * fetched, and so mirrored, first: nobody can bind us to a job whose inputs are
 * withheld.
 *
 * @throws NotNow for a reason that may pass, and whatever could not be had now.
 */
export async function judgeJob(
  daemon: Daemon,
  costs: Costs,
  providerId: number,
  terms: JobTerms,
): Promise<Judgement> {
  const { client, config, models, blobClient, contracts } = daemon
  const token = terms.payToken.toLowerCase()
  const taken = [contracts.lynToken, ...config.payTokens]
  if (!taken.some((one) => one.toLowerCase() === token))
    return {
      kind: 'token',
      reason: 'is not paid in LYN or a token of `payTokens`',
    }
  if (config.maxCollateral !== undefined)
    if (terms.collateral > config.maxCollateral)
      return {
        kind: 'stake',
        reason: 'reserves more stake than `maxCollateral`',
      }
  const { capabilities, stake, reserved, thawing } = await getProvider(client, {
    providerId,
  })
  // Its owner may add to both, and a node that is late does not know of it yet.
  if (!containsCapabilities(capabilities, BigInt(terms.capabilities)))
    throw new NotNow('asks for capabilities that this provider lacks')
  if (terms.collateral > stake - thawing - reserved)
    throw new NotNow('reserves more stake than is free')

  const model = await models.load(terms.modelId)
  const proved = terms.class === classCodes.zk
  if (!proved && terms.class !== classCodes[model.manifest.class])
    return { kind: 'class', reason: `asks for class ${terms.class}` }
  const inputs = await fetchInputs(blobClient, model, terms)
  const refusal = proved ? await costs.refusal(model, inputs, terms) : undefined
  if (refusal !== undefined) return { kind: 'inputs', reason: refusal }
  if (!proved) {
    const least = (await costs.least(model)) * terms.steps
    if (least > terms.deliverDuration)
      throw new LynodeError('LY-MODEL-005', {
        shortMessage: `the job takes ${least.toFixed(0)} s at the very least, and ${terms.deliverDuration} s are given`,
      })
  }
  const stepSeconds = await (proved
    ? costs.proving(model, inputs)
    : costs.measured(model, inputs))
  const seconds = stepSeconds * terms.steps
  if (seconds > terms.deliverDuration * safety)
    return {
      kind: 'slow',
      reason: `takes ${seconds.toFixed(1)} s of ${terms.deliverDuration} s`,
    }
  const wanted = askingPrice(config, seconds)
  if (wanted === undefined)
    return {
      kind: 'cost',
      reason: `costs more than \`maxPrice\`: ${seconds.toFixed(1)} s`,
    }
  return { wanted, stepSeconds }
}
