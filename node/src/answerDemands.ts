import {
  chunkAnswer,
  type Daemon,
  errorText,
  fetchInputs,
  type LoadedModel,
  nodeSha256,
  partChunks,
  TransactionError,
  witnessOf,
} from '@lynode/runtime'
import {
  answerDemand,
  buildOutputAnswer,
  buildStepAnswer,
  type Commitments,
  demandKinds,
  encodeOutputAnswer,
  encodeStepAnswer,
  encodeTraceAnswer,
  encodeWitnessAnswer,
  endsSegment,
  getDemand,
  type Hex,
  type ManifestValue,
  none,
  parseResultDocument,
  type ResultDocument,
  resolveValue,
  tensorRootsOf,
} from '@lynode/sdk'
import { size } from 'viem'
import type { DemandRow, DutyTable } from './dutyTable.js'
import type { JobRow } from './jobTable.js'
import type { TraceKeeper } from './traceKeeper.js'

/** Answers the open demands of one of our executions, most urgent first. */
export async function answerDemands(
  daemon: Daemon,
  duties: DutyTable,
  traces: TraceKeeper,
  row: JobRow,
  execId: Hex,
): Promise<void> {
  const { client, contracts, outbox, logger, metrics } = daemon
  for (const asked of duties.open(execId)) {
    const { demandId, request } = asked
    const { status } = await getDemand(client, { demandId })
    if (status !== 'open') {
      duties.setDemand(demandId, status === 'answered' ? 'answered' : 'closed')
      continue
    }
    try {
      const model = await daemon.models.load(row.order.modelId)
      for (;;) {
        const from = await openedSoFar(daemon, asked)
        const payload = await payloadOf(daemon, traces, row, asked, model, from)
        await outbox.send({
          key: `answer:${demandId}${from === 0 ? '' : `:${from}`}`,
          kind: 'answer',
          atStakeWei: row.order.collateral,
          ...answerDemand.transaction(contracts, {
            order: row.order,
            model: model.manifest.header,
            demandId,
            payload,
          }),
        })
        metrics.traceBytes.inc(size(payload))
        if (from + partChunks >= request.count) break
      }
      duties.setDemand(demandId, 'answered')
      logger.info(
        { event: 'demand.answered', jobId: row.jobId, demandId, request },
        'demand answered',
      )
    } catch (error) {
      // The others still have their own deadlines.
      logger.error(
        {
          event: 'demand.unanswered',
          jobId: row.jobId,
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

/** Chunks of a tensor demand that answers have opened (A7); 0 for other kinds. */
async function openedSoFar(
  { client }: Daemon,
  { demandId, request }: DemandRow,
): Promise<number> {
  if (request.kind !== demandKinds.tensor) return 0
  return (await getDemand(client, { demandId })).chunk
}

/** @param from First chunk of a tensor demand that is not opened yet. */
async function payloadOf(
  daemon: Daemon,
  traces: TraceKeeper,
  row: JobRow,
  { request, execId }: DemandRow,
  model: LoadedModel,
  from: number,
): Promise<Hex> {
  const { step, value } = request
  if (row.resultRoot === undefined)
    throw new Error('the result of this execution is not on this machine')
  const result = parseResultDocument(await daemon.documents.get(row.resultRoot))
  switch (request.kind) {
    case demandKinds.trace: {
      const { tensors } = await traces.trace(row, execId, result, step)
      return encodeTraceAnswer(tensorRootsOf(tensors, nodeSha256))
    }
    case demandKinds.output:
      return encodeOutputAnswer(buildOutputAnswer(result, step, nodeSha256))
    case demandKinds.step: {
      const states = await traces.states(row, execId, result, step)
      return encodeStepAnswer(buildStepAnswer(result, states, step, nodeSha256))
    }
    case demandKinds.witness:
      return encodeWitnessAnswer(
        await witnessOf({
          manifest: model.manifest,
          commitments: {
            inputs: await fetchInputs(daemon.blobClient, model, row.order),
            result,
            trace:
              model.manifest.header.activations === 0
                ? undefined
                : await traces.trace(row, execId, result, step),
            states:
              result.segment === 1
                ? undefined
                : await traces.states(row, execId, result, step),
          },
          request,
          reader: daemon.reader,
        }),
      )
    case demandKinds.tensor:
    case demandKinds.chunk: {
      const { manifest } = model
      const entry = manifest.values[value]
      if (entry === undefined) throw new Error(`no value ${value}`)
      const commitments: Commitments = {
        inputs: await fetchInputs(daemon.blobClient, model, row.order),
        result,
        trace:
          entry.kind === 'activation'
            ? await traces.trace(row, execId, result, step)
            : undefined,
        states: isInside(entry, step, result)
          ? await traces.states(row, execId, result, step)
          : undefined,
      }
      const resolved = resolveValue(entry, step, commitments, nodeSha256)
      if (resolved === undefined) throw new Error(`value ${value} is a weight`)
      // Outputs within a segment are not flushed: a replay has them again.
      if (result.segment > 1 && !daemon.reader.has(resolved.dataRoot))
        await traces.states(row, execId, result, step)
      return chunkAnswer({
        manifest,
        commitments,
        request,
        from,
        bytes: await daemon.reader.read(resolved.dataRoot),
      })
    }
    default:
      throw new Error(`no answer to a demand of kind ${request.kind}`)
  }
}

/** Whether a value is a state within a segment, which the result does not commit to (B8). */
function isInside(
  entry: ManifestValue,
  step: number,
  { segment, steps }: ResultDocument,
): boolean {
  if (entry.kind === 'output')
    return entry.carried && !endsSegment(step, segment, steps.length)
  return (
    entry.kind === 'input' &&
    entry.carriedSlot !== none &&
    step > 0 &&
    !endsSegment(step - 1, segment, steps.length)
  )
}
