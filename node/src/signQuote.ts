import { randomBytes } from 'node:crypto'
import { type Daemon, errorText } from '@lynode/runtime'
import {
  bytesToHex,
  type ComputeOffer,
  LynodeError,
  offerDomain,
  offerTypes,
  type QuoteRequest,
  type SignedOffer,
} from '@lynode/sdk'
import type { Costs } from './costs.js'
import { judgeJob, safety } from './judgeJob.js'

/** Seconds for which a quote is good. */
const lifetime = 60

/** Seconds that every job needs besides its steps. */
const minDeliver = 2

/**
 * Answers a request for a quote with an offer that only its requester can fill,
 * once, for that input alone. The inputs are on this disk from here on.
 *
 * @throws LynodeError `LY-QUO-002` with the reason when the job is not wanted.
 */
export async function signQuote(
  daemon: Daemon,
  costs: Costs,
  providerId: number,
  request: QuoteRequest,
): Promise<SignedOffer> {
  const refuse = (details: string, cause?: unknown) =>
    new LynodeError('LY-QUO-002', { details, cause })
  const { lynToken } = daemon.contracts
  // Our prices are in LYN; a quote in another token would need its rate of later.
  if (request.payToken.toLowerCase() !== lynToken.toLowerCase())
    throw refuse('quotes are in LYN')
  const judged = await judgeJob(daemon, costs, providerId, {
    ...request,
    capabilities: `0x${'00'.repeat(32)}`,
  }).catch((cause: unknown) => {
    throw refuse(errorText(cause), cause)
  })
  if (judged.reason !== undefined) throw refuse(judged.reason)
  const steps = BigInt(request.steps)
  return signOwnOffer(daemon, {
    providerId,
    models: request.modelId,
    payToken: request.payToken,
    currency: 0,
    pricePerStep: (judged.wanted + steps - 1n) / steps,
    class: request.class,
    capacity: steps,
    maxCollateral: request.collateral,
    ...deliveryTerms(judged.stepSeconds),
    requester: request.requester,
    inputRoot: request.inputRoot,
    expiry: daemon.now() + lifetime,
  })
}

/** The time that an offer asks for, from what a step takes. */
export function deliveryTerms(
  stepSeconds: number,
): Pick<ComputeOffer, 'minDeliver' | 'millisPerStep'> {
  return {
    minDeliver,
    millisPerStep: Math.ceil((stepSeconds * 1_000) / safety),
  }
}

/** Signs an offer with the hot key and a random nonce. */
export async function signOwnOffer(
  { account, client, contracts }: Daemon,
  terms: Omit<ComputeOffer, 'nonce'>,
): Promise<SignedOffer> {
  const nonce = BigInt(bytesToHex(randomBytes(24)))
  const offer: ComputeOffer = { ...terms, nonce }
  const { chainId } = client.addressBook
  const signature = await account.signTypedData({
    domain: offerDomain({ chainId, offers: contracts.offers }),
    types: offerTypes,
    primaryType: 'ComputeOffer',
    message: offer,
  })
  return { offer, signature }
}
