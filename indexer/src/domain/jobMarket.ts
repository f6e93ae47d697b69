import { executionId, type jobMarketAbi } from '@lynode/sdk'
import { type Hex, zeroHash } from 'viem'
import { ofEpoch } from './audits.js'
import { counted, countedSale } from './buckets.js'
import {
  type Change,
  changed,
  insert,
  type Row,
  read,
  type Step,
  update,
  upsert,
  type Values,
} from './change.js'
import type { DomainEvent, EventArgs, Rules } from './event.js'
import { notice } from './notice.js'
import { ofOrder, orderInLock } from './orders.js'
import { ofProtocol } from './protocol.js'
import { toJson } from './toJson.js'

type Args<name extends keyof Rules<typeof jobMarketAbi>> = EventArgs<
  typeof jobMarketAbi,
  name
>

/** JobMarket: orders and jobs with their whole life. */
export const jobMarketRules: Rules<typeof jobMarketAbi> = {
  OrderPosted: ({ args }) => [ofOrder(args.jobId, args, false)],
  NoncesCancelled: ({ args: { requester, word, mask } }) => [
    upsert('cancelledNonces', { requester, word, mask }, (row) => ({
      mask: row.mask | mask,
    })),
  ],
  JobLocked: locked,
  JobDelivered: delivered,
  OutputsDelivered: ({ args: { jobId, outputs } }) => [
    update('job', { jobId }, () => ({ outputs: toJson(outputs) })),
  ],
  JobSettled: settled,
  LockExpired: (event) =>
    failed(event, 'expired', { expired: 1 }, event.args.slashed),
  LockDeclined: (event) => failed(event, 'declined', { declined: 1 }),
  ExecutionVoided: (event) => failed(event, 'voided', { voided: 1 }),
  JobReopened: ({ args: { jobId, attempt, lockBy } }) => [
    update('job', { jobId }, () => ({ status: 'reopened', attempt, lockBy })),
  ],
  JobRefunded: ({ args: { jobId, amount }, time }) =>
    changed(
      'job',
      { jobId },
      () => ({ status: 'refunded', refunded: amount, closedAt: time }),
      ({ payToken }) => [counted(time, payToken, { refunded: 1 })],
    ),
  JobConvicted: convicted,
  SeedPushed: ({ args: { epoch, seed, ratePpm, qEffPpm } }) => [
    ofEpoch(epoch, () => ({ seed, ratePpm, qEffPpm })),
    ofProtocol(() => ({ qEffPpm })),
  ],
  SnapshotPushed: ({ args: { version, class: class_, token, snapshot } }) => {
    const { enabled, ...values } = snapshot
    const key = { core: 'market', class: class_, token } as const
    return [
      insert('snapshot', {
        ...{ ...key, version, enabled },
        values: toJson(values) as Record<string, string | number>,
      }),
      // F2: the current version and the one before.
      ...(version > 2
        ? [
            update('snapshot', { ...key, version: version - 2 }, () => ({
              enabled: false,
            })),
          ]
        : []),
    ]
  },
  IntakePaused: ({ args: { until } }) => [
    ofProtocol(() => ({ intakePausedUntil: until })),
  ],
  EntranceAuthorised: (event) => [
    notice('jobMarket', 'EntranceAuthorised', event),
  ],
}

function locked(event: DomainEvent<Args<'JobLocked'>>): Step {
  const { jobId, providerId, requester, price, attempt, deliverBy } = event.args
  const { collateral } = event.args
  const { time } = event
  const execId = executionId({ jobId, attempt, providerId })
  const signed = orderInLock(event)
  const then = (known: Row<'orderEntry'> | undefined): Step => {
    const order = signed?.order ?? known
    const payToken = order?.payToken ?? null
    // Each field by itself: to spread one object into another takes V8 longer.
    const first: Values<'job'> = {
      jobId,
      requester,
      status: 'locked',
      providerId,
      attempt,
      price,
      time: deliverBy,
      resultRoot: zeroHash,
      collateral,
      execId,
      modelId: order?.modelId ?? null,
      class: order?.class ?? null,
      steps: order?.steps ?? null,
      payToken,
      deliverBy,
      lockBy: 0,
      deliveredAt: 0,
      finalAt: 0,
      closedAt: 0,
      paid: 0n,
      fee: 0n,
      royalty: 0n,
      refunded: 0n,
      slashed: 0n,
      outputs: null,
      callbackOk: null,
      callbackFeeReclaimed: 0n,
    }
    return [
      upsert('job', first, () => ({
        ...{ status: 'locked', providerId, attempt, price, execId },
        ...{ time: deliverBy, deliverBy, lockBy: 0 },
      })),
      insert('execution', {
        execId,
        jobId,
        providerId,
        attempt,
        price,
        deliverBy,
        waived: false,
        transaction: event.transaction.hash,
        // As its job has it, until that goes on without it.
        outcome: null,
        deliveredAt: null,
        finalAt: null,
        endedAt: null,
        resultRoot: null,
        slashed: null,
      }),
      ...ordered(jobId, signed, known, attempt),
      counted(time, payToken, {
        locked: 1,
        ...(attempt === 0 ? { jobs: 1 } : {}),
      }),
    ]
  }
  return signed === undefined
    ? read('orderEntry', { jobId }, then)
    : then(undefined)
}

/** The order of a lock, and that somebody wants its model. */
function ordered(
  jobId: Hex,
  signed: ReturnType<typeof orderInLock>,
  known: Row<'orderEntry'> | undefined,
  attempt: number,
): Change[] {
  const order = signed?.order ?? known
  if (order === undefined || attempt !== 0) return []
  const { modelId, steps } = order
  return [
    signed === undefined
      ? update('orderEntry', { jobId }, () => ({ locked: true }))
      : ofOrder(jobId, signed, true),
    upsert('modelUse', { modelId, jobs: 1, steps }, (row) => ({
      jobs: row.jobs + 1,
      steps: row.steps + steps,
    })),
  ]
}

function delivered(event: DomainEvent<Args<'JobDelivered'>>): Step {
  const { jobId, resultRoot, finalAt } = event.args
  const { time } = event
  const change = {
    ...{ status: 'delivered', time, resultRoot, deliveredAt: time, finalAt },
  }
  return changed(
    'job',
    { jobId },
    () => change,
    ({ payToken }) => [counted(time, payToken, { delivered: 1 })],
  )
}

function settled(event: DomainEvent<Args<'JobSettled'>>): Step {
  const { jobId, providerId, paid, fee, royalty } = event.args
  const { time } = event
  const change = {
    ...{ status: 'settled', closedAt: time, paid, fee, royalty },
  }
  return changed(
    'job',
    { jobId },
    () => change,
    ({ payToken: token, modelId, steps, price }) => [
      update('providerEntry', { providerId }, (row) => ({
        settled: row.settled + 1,
      })),
      ...countedSale(time, { token, modelId, steps, price, fee, royalty }),
    ],
  )
}

function convicted(event: DomainEvent<Args<'JobConvicted'>>): Step {
  const { jobId, providerId, slashed, refunded } = event.args
  const { time } = event
  const change = {
    ...{ status: 'convicted', closedAt: time, refunded, slashed },
  }
  return changed(
    'job',
    { jobId },
    () => change,
    ({ payToken }) => [
      update('providerEntry', { providerId }, (row) => ({
        convicted: row.convicted + 1,
      })),
      counted(time, payToken, { convicted: 1 }),
    ],
  )
}

/** An attempt that ended without pay; the job is re-opened or refunded by the next event. */
function failed(
  event: DomainEvent<{ jobId: Hex; providerId: number }>,
  outcome: 'expired' | 'declined' | 'voided',
  by: Partial<Pick<Row<'providerEntry'>, 'expired' | 'declined' | 'voided'>>,
  slashed = 0n,
): Step {
  const { time } = event
  const { jobId, providerId } = event.args
  const { expired = 0, declined = 0, voided = 0 } = by
  return changed(
    'job',
    { jobId },
    (row) => ({
      providerId: 0,
      attempt: row.attempt + 1,
      time,
      slashed: row.slashed + slashed,
    }),
    (job) => {
      const { payToken } = job
      return [
        leave(job, { outcome, endedAt: time, slashed }),
        update('providerEntry', { providerId }, (row) => ({
          expired: row.expired + expired,
          declined: row.declined + declined,
          voided: row.voided + voided,
        })),
        ...(expired === 0 ? [] : [counted(time, payToken, { expired })]),
      ]
    },
  )
}

/** What an execution keeps when its job goes on without it. */
function leave(
  { status, execId, deliveredAt, finalAt, resultRoot }: Row<'job'>,
  end: Pick<Values<'execution'>, 'outcome' | 'endedAt' | 'slashed'>,
): Change {
  const delivery =
    status === 'delivered' ? { deliveredAt, finalAt, resultRoot } : {}
  return update('execution', { execId }, () => ({ ...end, ...delivery }))
}
