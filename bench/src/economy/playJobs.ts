import {
  type Auditor,
  drawAuditors,
  makeVerifiers,
  type Verifier,
  type VerifierKind,
} from './drawAuditors.js'
import type { Assumptions, EconomyParameters } from './economy.js'
import { randomOf } from './random.js'

/** How a provider behaves. */
export type ProviderKind = 'honest' | 'lazy' | 'bribing'

/** What one kind of participant made of it, in LYN. */
export type Earnings = {
  /** Jobs of a provider; executions that drew a verifier. */
  times: number
  /** Times that it was convicted, or reported absent. */
  caught: number
  profit: number
  /** Per job. For a verifier: per job of the network, with all the stake. */
  perJob: number
}

/** What a simulation found. */
export type Played = {
  jobs: number
  sampled: number
  providers: Record<ProviderKind, Earnings>
  verifiers: Record<Exclude<VerifierKind, 'corruptible'>, Earnings>
  /** Of the frauds that were sampled, how many a draw convicted: lazy ones, and those of a provider that bribes. */
  detection: { lazy: number; bribing: number }
  /** LYN that the pool took in fees and paid for seats. */
  pool: { fees: number; paid: number }
}

/** D1: of a slash, what a friend of the slashed may get. */
const insiders = 0.4

/**
 * Plays jobs three times over, with the same prices, samples and draws: once
 * every provider is honest, once all are lazy, once all bribe. So what one kind
 * earns more than another is its behaviour and not its luck. Verifiers are
 * compared on the honest jobs: they must be better off by working when nothing
 * is wrong.
 *
 * @param jobs - How many.
 * @param seed - Decides everything that is random.
 */
export function playJobs(
  parameters: EconomyParameters,
  assumptions: Assumptions,
  jobs: number,
  seed: number,
): Played {
  const random = randomOf(seed)
  const verifiers = makeVerifiers(assumptions, random)
  const providers = {
    honest: nothing(),
    lazy: nothing(),
    bribing: nothing(),
  }
  const earned = {
    honest: nothing(),
    copying: nothing(),
    sleeping: nothing(),
  }
  const pool = { fees: 0, paid: 0 }
  let sampled = 0
  for (let job = 0; job < jobs; job++) {
    const terms = termsOf(parameters, assumptions, random())
    const { price, work, collateral } = terms
    const income = price * (1 - parameters.fee) - terms.gas
    pool.fees += terms.verificationFee
    add(providers.honest, income - work)
    if (random() >= parameters.rate) {
      // Nobody looks: the work is saved.
      add(providers.lazy, income)
      add(providers.bribing, income)
      continue
    }
    sampled++
    const lost = (1 - insiders) * collateral + terms.gas
    const draw = drawAuditors(verifiers, parameters, random, (verifier) =>
      reveals(verifier),
    )
    payVerifiers({ parameters, assumptions, terms, draw, earned, pool, random })

    // Noise was delivered, and the honest among the drawn look.
    const found = draw.auditors.some(
      ({ verifier }) => isWorking(verifier) && random() < assumptions.finds,
    )
    if (found) caught(providers.lazy, -lost)
    else add(providers.lazy, income)

    // A bribe must be worth a conviction: any one of them can have that by itself.
    const bought = draw.auditors.filter(
      ({ verifier }) => verifier.kind === 'corruptible',
    )
    const incorruptible = draw.auditors.some(
      ({ verifier }) =>
        verifier.kind === 'honest' && random() < assumptions.finds,
    )
    const bribes = bought.length * parameters.bounty * collateral
    if (incorruptible || bribes > lost + income)
      caught(providers.bribing, -lost)
    else add(providers.bribing, income - bribes)
  }
  const perJob = (one: Earnings) => ({ ...one, perJob: one.profit / jobs })
  const shareOf = (kind: VerifierKind) =>
    verifiers
      .filter((verifier) => verifier.kind === kind)
      .reduce((sum, { share }) => sum + share, 0)
  const perStake = (one: Earnings, kind: VerifierKind) => ({
    ...one,
    perJob: one.profit / jobs / shareOf(kind),
  })
  const detected = (one: Earnings) => (sampled > 0 ? one.caught / sampled : 0)
  return {
    jobs,
    sampled,
    providers: {
      honest: perJob(providers.honest),
      lazy: perJob(providers.lazy),
      bribing: perJob(providers.bribing),
    },
    verifiers: {
      honest: perStake(earned.honest, 'honest'),
      copying: perStake(earned.copying, 'copying'),
      sleeping: perStake(earned.sleeping, 'sleeping'),
    },
    detection: {
      lazy: detected(providers.lazy),
      bribing: detected(providers.bribing),
    },
    pool,
  }
}

/** What an order says, and what it costs to do it; in LYN. */
type Terms = {
  price: number
  work: number
  audit: number
  collateral: number
  verificationFee: number
  gas: number
}

/** The least collateral that the market takes for the price (D2), and a fee that pays for the audits. */
function termsOf(
  parameters: EconomyParameters,
  assumptions: Assumptions,
  at: number,
): Terms {
  const { rate, detection, seats, pay, lynPerGas } = parameters
  const { priceFrom, priceTo, margin, auditGas } = assumptions
  const price = priceFrom * (priceTo / priceFrom) ** at
  const work = assumptions.work * price
  const audit = assumptions.audit * work + auditGas * lynPerGas
  const qEff = rate * detection
  return {
    price,
    work,
    audit,
    collateral: Math.max(
      parameters.minCollateral,
      ((1 - qEff) * price) / (qEff * (1 - insiders)),
    ),
    verificationFee: Math.max(
      parameters.minVerificationFee,
      ((1 + margin) * audit * rate * seats) / pay,
    ),
    gas: assumptions.jobGas * lynPerGas,
  }
}

/** What an audit of an honest result brings to each who was drawn. */
function payVerifiers(round: {
  parameters: EconomyParameters
  assumptions: Assumptions
  terms: Terms
  draw: { auditors: Auditor[]; absent: Verifier[] }
  earned: Record<'honest' | 'copying' | 'sleeping', Earnings>
  pool: { paid: number }
  random: () => number
}): void {
  const { parameters, assumptions, terms, draw, earned, pool, random } = round
  const { rate, seats, pay, absentSlash, faultSlash, lynPerGas } = parameters
  const seatPay = (pay * terms.verificationFee) / (rate * seats)
  const gas = assumptions.auditGas * lynPerGas
  const { asks, sameBits } = assumptions
  for (const { verifier, seats: got } of draw.auditors) {
    const others = draw.auditors.filter((other) => other.verifier !== verifier)
    const paid = got * seatPay
    pool.paid += paid
    if (verifier.kind === 'honest') {
      // Questions to others whose bits are only those of another machine.
      const inVain = others.filter(
        (other) =>
          isWorking(other.verifier) && random() >= sameBits && random() < asks,
      ).length
      const asked = inVain * (parameters.question + gas)
      add(earned.honest, paid - terms.audit - asked)
    }
    if (verifier.kind !== 'copying') continue
    // A made-up trace root is nobody's bits, and cannot be answered for.
    const seen = others.some(
      (other) => isWorking(other.verifier) && random() < asks,
    )
    if (seen) caught(earned.copying, paid - gas - faultSlash)
    else add(earned.copying, paid - gas)
  }
  for (const { kind } of draw.absent)
    if (kind === 'sleeping') caught(earned.sleeping, -absentSlash)
}

function reveals({ kind }: Verifier): boolean {
  return kind !== 'sleeping'
}

/** Whether it really runs what it attests, unless it is bribed. */
function isWorking({ kind }: Verifier): boolean {
  return kind === 'honest' || kind === 'corruptible'
}

function nothing(): Earnings {
  return { times: 0, caught: 0, profit: 0, perJob: 0 }
}

function add(one: Earnings, profit: number): void {
  one.times++
  one.profit += profit
}

function caught(one: Earnings, profit: number): void {
  one.caught++
  add(one, profit)
}
