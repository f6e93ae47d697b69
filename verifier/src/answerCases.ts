import {
  chunkAnswer,
  type Daemon,
  errorText,
  nodeSha256,
  partChunks,
  TransactionError,
  witnessOf,
} from '@lynode/runtime'
import {
  answerDemand,
  buildStepAnswer,
  demandKinds,
  encodeStepAnswer,
  encodeTraceAnswer,
  encodeWitnessAnswer,
  getDemand,
  type Hex,
  resolveValue,
  tensorRootsOf,
} from '@lynode/sdk'
import { stepBehind, storedStep } from './auditStep.js'
import type { AuditTable, CaseDemand, CaseRow } from './auditTable.js'

/** Answers demands on our own attestations: a withheld opening is slashed like a fault (E3). */
export async function answerCases(
  daemon: Daemon,
  table: AuditTable,
): Promise<void> {
  const { client, contracts, outbox, logger } = daemon
  for (const asked of table.caseDemands()) {
    const { demandId, caseId, request } = asked
    const found = table.caseOf(caseId)
    const { status, chunk } = await getDemand(client, { demandId })
    if (status !== 'open' || found === undefined) {
      table.setAnswered(demandId)
      continue
    }
    try {
      const { manifest } = await daemon.models.load(found.order.modelId)
      let from = request.kind === demandKinds.tensor ? chunk : 0
      for (;;) {
        await outbox.send({
          key: `answer:${demandId}${from === 0 ? '' : `:${from}`}`,
          kind: 'answer',
          ...answerDemand.transaction(contracts, {
            order: found.order,
            model: manifest.header,
            demandId,
            payload: await payloadOf(daemon, found, asked, from),
          }),
        })
        from += partChunks
        if (request.kind !== demandKinds.tensor || from >= request.count) break
      }
      table.setAnswered(demandId)
      logger.info(
        { event: 'demand.answered', caseId, demandId, request },
        'demand answered',
      )
    } catch (error) {
      // The others still have their own deadlines.
      logger.error(
        {
          event: 'demand.unanswered',
          caseId,
          demandId,
          error: errorText(error),
          deadline: asked.deadline,
        },
        'a demand could not be answered',
      )
      if (!(error instanceof TransactionError)) throw error
    }
  }
}

async function payloadOf(
  daemon: Daemon,
  { execId, order }: CaseRow,
  { request }: CaseDemand,
  from: number,
): Promise<Hex> {
  const { manifest } = await daemon.models.load(order.modelId)
  const entry = manifest.values[request.value]
  // States within the segment are there; traces of the steps before are made.
  const stored =
    request.kind === demandKinds.step ||
    (request.kind !== demandKinds.trace &&
      request.kind !== demandKinds.witness &&
      entry?.kind !== 'activation')
      ? await storedStep(daemon, execId)
      : await stepBehind(daemon, execId, order, request.step)
  if (stored === undefined)
    throw new Error('the audited step is not on this machine')
  const { commitments } = stored
  const { result, states, trace } = commitments
  switch (request.kind) {
    case demandKinds.trace:
      return encodeTraceAnswer(tensorRootsOf(trace.tensors, nodeSha256))
    case demandKinds.step: {
      if (states === undefined)
        throw new Error('nothing is carried to the audited step')
      // Whoever asks next has them without demands for chunks.
      await daemon.documents.put(states)
      return encodeStepAnswer(
        buildStepAnswer(result, states, request.step, nodeSha256),
      )
    }
    case demandKinds.witness:
      return encodeWitnessAnswer(
        await witnessOf({
          manifest,
          commitments,
          request,
          reader: daemon.reader,
        }),
      )
    default: {
      if (entry === undefined) throw new Error(`no value ${request.value}`)
      const resolved = resolveValue(
        entry,
        request.step,
        commitments,
        nodeSha256,
      )
      if (resolved === undefined)
        throw new Error(`value ${request.value} is a weight`)
      return chunkAnswer({
        manifest,
        commitments,
        request,
        from,
        bytes: await stored.blobs.read(resolved.dataRoot),
      })
    }
  }
}
