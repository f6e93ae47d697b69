import type { auditManagerAbi, canariesAbi } from '@lynode/sdk'
import { type Hex, zeroAddress } from 'viem'
import { type Change, insert, update, upsert, type Values } from './change.js'
import type { Rules } from './event.js'
import { noticed } from './notice.js'
import { toJson } from './toJson.js'

const findings = ['none', 'agrees', 'differs'] as const

/** AuditManager: epochs with their seeds, and what became of each seat. */
export const auditManagerRules: Rules<typeof auditManagerAbi> = {
  EpochClosed: ({ args, time }) => {
    const { epoch, version, requestId, fallbackBlock } = args
    return [
      ofEpoch(epoch, () => ({
        version,
        requestId,
        fallbackBlock: Number(fallbackBlock),
        closedAt: time,
      })),
    ]
  },
  SeedRequested: ({ args: { epoch, requestId } }) => [
    ofEpoch(epoch, () => ({ requestId })),
  ],
  OracleUnavailable: noticed('auditManager', 'OracleUnavailable'),
  FallbackMoved: ({ args: { epoch, fallbackBlock } }) => [
    ofEpoch(epoch, () => ({ fallbackBlock: Number(fallbackBlock) })),
  ],
  SeedDrawn: ({ args, time }) => {
    const { epoch, seed, ratePpm, qEffPpm, fallback_ } = args
    return [
      ofEpoch(epoch, () => ({
        ...{ seed, ratePpm, qEffPpm },
        seedAt: time,
        byFallback: fallback_,
      })),
    ]
  },
  SeedIgnored: noticed('auditManager', 'SeedIgnored'),
  Committed: ({ args: { execId, verifierId } }) => [
    ofSeat(execId, verifierId, () => ({ status: 'committed' })),
  ],
  Revealed: ({ args }) => {
    const { execId, verifierId, step, seats, finding, traceRoot, paid } = args
    const agrees = finding === 1
    return [
      ofSeat(execId, verifierId, () => ({
        status: 'revealed',
        finding: findings[finding] ?? 'none',
        ...{ step, seats, traceRoot, paid },
      })),
      ofAudit(execId, (row) => ({
        step,
        agreeing: row.agreeing + (agrees ? seats : 0),
        differing: row.differing + (agrees ? 0 : seats),
        paid: row.paid + paid,
      })),
    ]
  },
  AbsentReported: ({ args: { execId, verifierId, reporter, slashed } }) => [
    ofSeat(execId, verifierId, (row) => ({
      status: 'absent',
      reporter,
      slashed: row.slashed + slashed,
    })),
  ],
  FaultSlashed: ({ args: { execId, verifierId, slashed } }) => [
    ofSeat(execId, verifierId, (row) => ({
      status: 'slashed',
      slashed: row.slashed + slashed,
    })),
  ],
  ReserveReleased: ({ args: { execId, verifierId } }) => [
    ofSeat(execId, verifierId, () => ({ status: 'released' })),
  ],
  WithheldAttested: ({ args: { execId, verifierId, seats } }) => [
    ofSeat(execId, verifierId, () => ({ status: 'withheld', seats })),
    ofAudit(execId, (row) => ({ withheld: row.withheld + seats })),
  ],
  AuditVoided: ({ args: { execId }, time }) => [
    ofAudit(execId, () => ({ status: 'voided', endedAt: time })),
  ],
  MismatchDemanded: ({ args: { execId, demandId, step } }) => [
    ofAudit(execId, () => ({ demandId, step })),
  ],
  AuditClosed: ({ args: { execId, completed }, time }) => [
    ofAudit(execId, () => ({
      status: completed ? 'completed' : 'empty',
      endedAt: time,
    })),
  ],
  OraclePaid: noticed('auditManager', 'OraclePaid'),
  SubscriptionSet: noticed('auditManager', 'SubscriptionSet'),
  SnapshotPushed: ({ args: { version, snapshot } }) => [
    insert('snapshot', {
      core: 'audits',
      class: 0,
      token: zeroAddress,
      version,
      enabled: true,
      values: toJson(snapshot) as Record<string, string | number>,
    }),
  ],
}

/** Canaries: results that were wrong by agreement. */
export const canariesRules: Rules<typeof canariesAbi> = {
  CuratorSet: noticed('canaries', 'CuratorSet'),
  CanaryCommitted: noticed('canaries', 'CanaryCommitted'),
  CanaryOpened: ({ args: { execId, jobId, providerId, resultRoot } }) => [
    insert('canary', {
      ...{ execId, jobId, providerId, resultRoot },
      proved: 0,
      paid: 0n,
    }),
  ],
  CanaryProved: ({ args: { execId, paid } }) => [
    update('canary', { execId }, (row) => ({
      proved: row.proved + 1,
      paid: row.paid + paid,
    })),
  ],
  EscrowWithdrawn: noticed('canaries', 'EscrowWithdrawn'),
}

/** Changes an epoch, which its closing makes, or the first seed that the market hears of. */
export function ofEpoch(
  epoch: number,
  change: (row: Values<'auditEpoch'>) => Partial<Values<'auditEpoch'>>,
): Change {
  const first: Values<'auditEpoch'> = {
    epoch,
    seed: 0n,
    ratePpm: 0,
    qEffPpm: 0,
    version: 0,
    requestId: 0n,
    fallbackBlock: 0,
    closedAt: 0,
    seedAt: 0,
    byFallback: false,
  }
  return upsert('auditEpoch', { ...first, ...change(first) }, change)
}

/** The audit of an execution, if anybody attested anything, ends with it. */
export function ofAuditEnd(
  execId: Hex,
  status: 'voided' | 'convicted',
  endedAt: number,
): Change {
  return update('audit', { execId }, () => ({ status, endedAt }))
}

function ofAudit(
  execId: Hex,
  change: (row: Values<'audit'>) => Partial<Values<'audit'>>,
): Change {
  const first: Values<'audit'> = {
    execId,
    status: 'open',
    step: 0,
    agreeing: 0,
    differing: 0,
    withheld: 0,
    paid: 0n,
    demandId: null,
    endedAt: 0,
  }
  return upsert('audit', { ...first, ...change(first) }, change)
}

function ofSeat(
  execId: Hex,
  verifierId: number,
  change: (row: Values<'auditSeat'>) => Partial<Values<'auditSeat'>>,
): Change {
  const first: Values<'auditSeat'> = {
    execId,
    verifierId,
    status: 'committed',
    finding: 'none',
    step: 0,
    seats: 0,
    traceRoot: null,
    paid: 0n,
    slashed: 0n,
    reporter: null,
  }
  return upsert('auditSeat', { ...first, ...change(first) }, change)
}
