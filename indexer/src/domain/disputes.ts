import {
  type accumulationsAbi,
  type attestationsAbi,
  demandKinds,
  type demandsAbi,
  type disputesAbi,
} from '@lynode/sdk'
import { type Address, type Hex, size, zeroAddress } from 'viem'
import { ofAuditEnd } from './audits.js'
import {
  insert,
  type Row,
  read,
  type Step,
  update,
  upsert,
  type Values,
} from './change.js'
import { commitOfProof } from './commitOfProof.js'
import type { DomainEvent, Rules } from './event.js'
import { toJson } from './toJson.js'

const chunkBytes = 1024

const kindNames = Object.keys(demandKinds)

/** Disputes: commits, proofs and outcomes of executions. */
export const disputesRules: Rules<typeof disputesAbi> = {
  ProofCommitted: ({ args: { execId, commitId, prover, revealBy } }) =>
    touched(execId, (row) => ({ commits: row.commits + 1 }), [
      insert('proofCommit', {
        ...{ commitId, execId, prover, revealBy },
        status: 'committed',
        gas: 0n,
      }),
    ]),
  CommitForfeited: ({ args: { commitId } }) => [
    ofCommit(commitId, 'forfeited'),
  ],
  CommitReturned: ({ args: { commitId } }) => [ofCommit(commitId, 'returned')],
  LateProof: ({ args: { commitId, gas } }) => [
    update('proofCommit', { commitId }, () => ({ status: 'late', gas })),
  ],
  LateClaimed: ({ args: { commitId, paid } }) => [
    update('proofCommit', { commitId }, () => ({ status: 'paid', gas: paid })),
  ],
  FraudProved: (event) => {
    const commitId = commitOfProof(event)
    return [
      insert('fraudProof', {
        ...event.args,
        transaction: event.transaction.hash,
      }),
      // If it came too late to convict, the next event says so.
      ...(commitId === undefined ? [] : [ofCommit(commitId, 'revealed')]),
    ]
  },
  Convicted: ({ args: { execId, jobId, prover, slashed, paid }, time }) =>
    touched(
      execId,
      () => ({
        ...{ outcome: 'convicted', jobId, prover, slashed, paid },
        convictedAt: time,
        endedAt: time,
      }),
      [ofAuditEnd(execId, 'convicted', time)],
    ),
  Finalised: ({ args: { execId, jobId }, time }) =>
    touched(execId, () => ({ outcome: 'settled', jobId, endedAt: time })),
  Voided: ({ args: { execId, jobId }, time }) =>
    touched(execId, () => ({ outcome: 'void', jobId, endedAt: time }), [
      ofAuditEnd(execId, 'voided', time),
    ]),
  FinalityMoved: ({ args: { execId, finalAt } }) =>
    touched(execId, () => ({ finalAt })),
  ReserveBurnt: ({ args: { execId, amount } }) => [
    update('dispute', { execId }, (row) => ({
      reserveBurnt: row.reserveBurnt + amount,
    })),
  ],
  SnapshotPushed: ({ args: { version, snapshot } }) => [
    insert('snapshot', {
      ...{ version, core: 'disputes', class: 0, token: zeroAddress },
      enabled: true,
      values: toJson(snapshot) as Record<string, string | number>,
    }),
  ],
}

/** Demands and their answers. */
export const demandsRules: Rules<typeof demandsAbi> = {
  Demanded: ({ args }) => {
    const { execId, demandId, asker, jobId, request, bond, deadline } = args
    return touched(
      execId,
      (row) => ({
        jobId,
        demands: row.demands + 1,
        openDemands: row.openDemands + 1,
      }),
      [
        insert('demand', {
          ...{ demandId, execId, jobId, asker, bond, deadline },
          kind: kindNames[request.kind] ?? `${request.kind}`,
          status: 'open',
          step: request.step,
          value: request.value,
          chunk: request.chunk,
          count: request.count,
          answeredAt: 0,
          toAsker: 0n,
          toProvider: 0n,
          burnt: 0n,
        }),
      ],
    )
  },
  TracePosted: (event) => {
    const { step, traceRoot, tensorRoots } = event.args
    const detail = { tensorRoots: tensorRoots.length }
    return answered(event, { kind: 'trace', step, root: traceRoot, detail })
  },
  StatesPosted: (event) => {
    const { step, statesRoot, carriedRoots } = event.args
    const detail = { steps: carriedRoots.length }
    return answered(event, { kind: 'step', step, root: statesRoot, detail })
  },
  OutputOpened: (event) => {
    const { step, carriedRoot, outputsRoot } = event.args
    const detail = { carriedRoot }
    return answered(event, { kind: 'output', step, root: outputsRoot, detail })
  },
  WitnessNamed: (event) => {
    const { step, value, element, positions } = event.args
    const detail = { value, element, positions }
    return answered(event, { kind: 'witness', step, root: null, detail })
  },
  ChunksOpened: (event) => {
    const { demandId, step, value, chunk, dataRoot, data } = event.args
    const chunks = Math.ceil(size(data) / chunkBytes)
    const detail = { value, chunk, chunks }
    return read('demand', { demandId }, (row) => {
      const kind = row?.kind ?? 'chunk'
      const said = { kind, step, root: dataRoot, detail }
      if (row?.kind !== 'tensor') return answered(event, said)
      // A tensor is opened in parts: the demand says where the next one begins.
      const next = chunk + chunks
      return next < row.count
        ? [
            ofAnswer(event, said),
            update('demand', { demandId }, () => ({ chunk: next })),
          ]
        : answered(event, said, { chunk: next })
    })
  },
  DemandExpired: ({ args: { execId, demandId } }) => [
    update('demand', { demandId }, () => ({ status: 'expired' })),
    update('dispute', { execId }, (row) => ({
      openDemands: row.openDemands - 1,
    })),
  ],
  BondClaimed: ({ args: { demandId, toAsker, toProvider, burnt } }) => [
    update('demand', { demandId }, () => ({
      status: 'claimed',
      ...{ toAsker, toProvider, burnt },
    })),
  ],
}

/** Accumulations: proofs of big elements. */
export const accumulationsRules: Rules<typeof accumulationsAbi> = {
  AccumulationOpened: ({ args }) => {
    const { execId, accumulationId, opener, place, liveUntil } = args
    return touched(execId, () => ({}), [
      insert('accumulation', {
        ...{ accumulationId, execId, opener, liveUntil },
        step: place.step,
        node: place.node,
        output: place.output,
        element: place.element,
        absorbed: 0,
        terms: 0,
        status: 'open',
        fraud: null,
        claimed: null,
        low: null,
        high: null,
        bondTo: null,
        gasPaid: 0n,
      }),
    ])
  },
  Absorbed: ({ args: { accumulationId, absorbed, terms, liveUntil } }) => [
    update('accumulation', { accumulationId }, () => ({
      ...{ absorbed, terms, liveUntil },
    })),
  ],
  Judged: ({ args: { accumulationId, claimed, low, high, fraud } }) => [
    update('accumulation', { accumulationId }, () => ({
      ...{ status: 'judged', claimed, low, high, fraud },
    })),
  ],
  BondClaimed: ({ args: { accumulationId, recipient } }) => [
    update('accumulation', { accumulationId }, () => ({
      status: 'claimed',
      bondTo: recipient,
    })),
  ],
  GasClaimed: ({ args: { accumulationId, paid } }) => [
    update('accumulation', { accumulationId }, (row) => ({
      gasPaid: row.gasPaid + paid,
    })),
  ],
}

/** Attestations: cases against what auditors attested. */
export const attestationsRules: Rules<typeof attestationsAbi> = {
  CaseOpened: ({ args: { caseId, execId, verifierId, step, traceRoot } }) => [
    insert('attestationCase', {
      ...{ caseId, execId, verifierId, step, traceRoot },
      status: 'delivered',
      slashed: 0n,
    }),
  ],
  CaseSettled: ({ args: { caseId } }) => [
    update('attestationCase', { caseId }, () => ({ status: 'settled' })),
  ],
  CaseConvicted: ({ args: { caseId, slashed } }) => [
    update('attestationCase', { caseId }, () => ({
      status: 'convicted',
      slashed,
    })),
  ],
}

type Said = Pick<Values<'answer'>, 'kind' | 'step' | 'root' | 'detail'>

type AnswerEvent = DomainEvent<{ execId: Hex; demandId: Hex }>

function ofAnswer({ args, transaction }: AnswerEvent, said: Said) {
  const { execId, demandId } = args
  return insert('answer', {
    ...{ execId, demandId, ...said },
    transaction: transaction.hash,
  })
}

/** A demand that nothing is left of. */
function answered(
  event: AnswerEvent,
  said: Said,
  more: Partial<Values<'demand'>> = {},
): Step {
  const { execId, demandId } = event.args
  return [
    ofAnswer(event, said),
    update('demand', { demandId }, () => ({
      status: 'answered',
      answeredAt: event.time,
      ...more,
    })),
    update('dispute', { execId }, (row) => ({
      openDemands: row.openDemands - 1,
    })),
  ]
}

/** Changes the dispute of an execution, which the first touch makes. */
function touched(
  execId: Hex,
  change: (row: Values<'dispute'>) => Partial<Values<'dispute'>>,
  others: Exclude<Step, { next: unknown }> = [],
): Step {
  const then = (
    execution: Row<'execution'> | undefined,
    job: Row<'job'> | undefined,
  ): Step => {
    const first: Values<'dispute'> = {
      execId,
      jobId: execution?.jobId ?? null,
      outcome: 'open',
      finalAt: finalAtOf(execution, job),
      demands: 0,
      openDemands: 0,
      commits: 0,
      prover: null as Address | null,
      convictedAt: 0,
      slashed: 0n,
      paid: 0n,
      reserveBurnt: 0n,
      endedAt: 0,
    }
    return [
      ...others,
      upsert('dispute', { ...first, ...change(first) }, change),
    ]
  }
  return read('execution', { execId }, (execution) =>
    execution === undefined
      ? then(undefined, undefined)
      : read('job', { jobId: execution.jobId }, (job) => then(execution, job)),
  )
}

/** When an execution is final; 0 before its delivery. */
function finalAtOf(
  execution: Row<'execution'> | undefined,
  job: Row<'job'> | undefined,
): number {
  // Its job has it until it goes on without this execution.
  if (execution?.outcome !== null) return execution?.finalAt ?? 0
  return job === undefined || job.status === 'locked' ? 0 : job.finalAt
}

function ofCommit(commitId: Hex, status: string) {
  return update('proofCommit', { commitId }, () => ({ status }))
}
