import {
  type Address,
  bytesToBigInt,
  type Hex,
  isAddressEqual,
  parseEther,
  zeroAddress,
  zeroHash,
} from 'viem'
import { getBlock } from 'viem/actions'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { appraise, leastCollateralOf } from '../actions/appraise.js'
import { getRates } from '../actions/getRates.js'
import { readAction } from '../actions/readAction.js'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { providerSet } from '../tree/setTree.js'
import {
  type ClassName,
  classCodes,
  currencyCodes,
  type Order,
} from '../types/order.js'

export type MakeOrderParameters = {
  modelId: Hex
  class: ClassName
  inputRoot: Hex
  /** Wei of the pay token, or dollars with 18 decimals. */
  maxPrice: bigint
  /** LYN by default. */
  payToken?: Address | undefined
  /** What prices are counted in; they are paid in the token in any case. */
  currency?: keyof typeof currencyCodes | undefined
  /** A third of the maximum by default. */
  minPrice?: bigint | undefined
  /** Seconds in which the price rises from minimum to maximum. */
  rampDuration?: number | undefined
  /** Seconds from the lock to the last moment of the delivery. */
  deliverDuration?: number | undefined
  /** Random by default. */
  nonce?: bigint | undefined
  steps?: number | undefined
  /** Seconds from now until the ramp begins; an auction is held before. */
  rampDelay?: number | undefined
  /** LYN of stake; what D2 asks for by default. */
  collateral?: bigint | undefined
  /** Seconds in which it can be locked; 30, and 600 of class zk, by default. */
  lockDuration?: number | undefined
  /** Ids of the only providers that may take it. */
  allowed?: readonly number[] | undefined
}

/** LYN of stake that a provider loses when it is convicted, at least. */
const leastCollateral = parseEther('1000')

/**
 * Makes an order, in LYN unless told otherwise, with terms that the market accepts: the
 * current parameter version, the collateral that solvency asks for, and a
 * random nonce so that identical orders are distinct.
 *
 * @throws LynodeError `LY-MKT-014` when the class is not on offer for the token,
 * `LY-MKT-020` while audits catch nothing, so that no collateral is enough,
 * `LY-ORA-001` while a price in dollars has no healthy feeds.
 * @example
 * const order = await makeOrder(client, {
 *   modelId,
 *   class: 'float',
 *   inputRoot,
 *   maxPrice: parseAmount('15LYN'),
 * })
 */
export async function makeOrder(
  client: LynodeClient,
  parameters: MakeOrderParameters,
): Promise<Order> {
  const { modelId, inputRoot, maxPrice } = parameters
  const { currency = 'token' } = parameters
  const usd = currency === 'usd'
  const { lynToken } = client.addressBook.contracts
  const token = parameters.payToken ?? lynToken
  const classCode = classCodes[parameters.class]
  const market = { contract: 'jobMarket', abi: jobMarketAbi } as const
  const [version, qEffPpm, block] = await Promise.all([
    readAction(client, {
      ...market,
      functionName: 'currentVersion',
      args: [],
    }),
    readAction(client, { ...market, functionName: 'qEffPpm', args: [] }),
    getBlock(client).catch((error: unknown) => {
      throw toLynodeError(error)
    }),
  ])
  const terms = await readAction(client, {
    ...market,
    functionName: 'snapshotOf',
    args: [version, classCode, token],
  })
  if (!terms.enabled)
    throw new LynodeError('LY-MKT-014', {
      details: `${parameters.class} for ${token}`,
    })
  const now = Number(block.timestamp)
  const { minVerificationFee, minCollateral } = terms
  const { wei, exposure } =
    !usd && isAddressEqual(token, lynToken)
      ? { wei: maxPrice, exposure: maxPrice }
      : appraise({
          rates: await getRates(client, { token, usd }),
          usd,
          price: maxPrice,
          valueAtRisk: 0n,
        })
  // The rate of the lock is not known yet.
  const most = usd ? wei + wei / 10n : wei
  const proved = parameters.class === 'zk'
  // Audits may catch less by the time of the lock (RULES D2): a quarter more.
  const solvent = proved
    ? exposure
    : leastCollateralOf(exposure + exposure / 4n, qEffPpm)
  let collateral = leastCollateral
  if (minCollateral > collateral) collateral = minCollateral
  if (solvent > collateral) collateral = solvent
  const rampStart = now + (parameters.rampDelay ?? 1)
  const allowed = parameters.allowed ?? []
  // A prover tries a model before it locks the first job of it.
  const lockDuration = parameters.lockDuration ?? (proved ? 600 : 30)
  return {
    requester: client.account.address,
    modelId,
    class: classCode,
    steps: parameters.steps ?? 1,
    inputRoot,
    payToken: token,
    minPrice: parameters.minPrice ?? maxPrice / 3n,
    maxPrice,
    rampStart,
    rampDuration: parameters.rampDuration ?? 4,
    lockDuration,
    deliverDuration: parameters.deliverDuration ?? (proved ? 600 : 6),
    expiry: rampStart + lockDuration + (proved ? 600 : 270),
    maxAttempts: 3,
    collateral: parameters.collateral ?? collateral,
    valueAtRisk: 0n,
    verificationFee: minVerificationFee,
    tip: 0n,
    callback: zeroAddress,
    callbackGas: 0,
    callbackFee: 0n,
    maxTotal: most + minVerificationFee,
    allowedRoot: allowed.length > 0 ? providerSet(allowed).root : zeroHash,
    capabilities: zeroHash,
    paramsVersion: version,
    currency: currencyCodes[currency],
    nonce:
      parameters.nonce ??
      bytesToBigInt(crypto.getRandomValues(new Uint8Array(24))),
  }
}
