import {
  type Daemon,
  errorText,
  fetchInputs,
  type LoadedModel,
  locateTensor,
  nodeSha256,
  type ResultDocument,
  resultTree,
  rootOfTensor,
  segmentOf,
  TransactionError,
  treeOfTensors,
} from '@lynode/runtime'
import {
  answerDemand,
  bytesToHex,
  chunkBytes,
  demandKinds,
  encodeChunkAnswer,
  encodeManifest,
  encodeOutputAnswer,
  encodeTraceAnswer,
  getDemand,
  type Hex,
  manifestTree,
  multiproof,
  type Opening,
} from '@lynode/sdk'
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
  const { client, contracts, outbox, logger } = daemon
  for (const asked of duties.open(execId)) {
    const { demandId, request } = asked
    const { status } = await getDemand(client, { demandId })
    if (status !== 'open') {
      duties.setDemand(demandId, status === 'answered' ? 'answered' : 'closed')
      continue
    }
    try {
      const model = await daemon.models.load(row.order.modelId)
      const payload = await payloadOf(daemon, traces, row, asked, model)
      await outbox.send({
        key: `answer:${demandId}`,
        kind: 'answer',
        ...answerDemand.transaction(contracts, {
          order: row.order,
          model: model.manifest.header,
          demandId,
          payload,
        }),
      })
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

async function payloadOf(
  daemon: Daemon,
  traces: TraceKeeper,
  row: JobRow,
  { request, execId }: DemandRow,
  model: LoadedModel,
): Promise<Hex> {
  const { documents } = daemon
  const { step } = request
  if (row.resultRoot === undefined)
    throw new Error('the result of this execution is not on this machine')
  const result = (await documents.get(row.resultRoot)) as ResultDocument
  switch (request.kind) {
    case demandKinds.trace: {
      const { tensors } = await traces.trace(row, execId, result, step)
      return encodeTraceAnswer(tensors.map(rootOfTensor))
    }
    case demandKinds.output: {
      const opened = result.steps[step]
      if (opened === undefined) throw new Error(`no step ${step}`)
      const { carriedRoot, outputsRoot } = segmentOf(opened)
      const path = multiproof(resultTree(result), [step])
      return encodeOutputAnswer({ carriedRoot, outputsRoot, path })
    }
    case demandKinds.chunk:
      return chunkPayload(daemon, traces, row, execId, result, request, model)
    default:
      throw new Error(`no answer to a demand of kind ${request.kind}`)
  }
}

async function chunkPayload(
  daemon: Daemon,
  traces: TraceKeeper,
  row: JobRow,
  execId: Hex,
  result: ResultDocument,
  request: DemandRow['request'],
  { manifest }: LoadedModel,
): Promise<Hex> {
  const { step, value, chunk, count } = request
  const entry = encodeManifest(manifest)[value]
  const kind = manifest.values[value]
  if (entry === undefined || kind === undefined)
    throw new Error(`no value ${value}`)
  let located: Pick<ReturnType<typeof locateTensor>, 'tensor' | 'path'>
  let traceProof: readonly Hex[] = []
  if (kind.kind === 'activation') {
    const { tensors } = await traces.trace(row, execId, result, step)
    const tensor = tensors[kind.traceIndex]
    if (tensor === undefined) throw new Error(`no activation ${value}`)
    located = { tensor, path: [] }
    traceProof = multiproof(treeOfTensors(tensors), [kind.traceIndex])
  } else {
    const model = await daemon.models.load(row.order.modelId)
    const inputs = await fetchInputs(daemon.blobClient, model, row.order)
    located = locateTensor(manifest, inputs, result, step, value)
  }
  const { dataRoot } = located.tensor
  const bytes = await daemon.reader.sizeOf(dataRoot)
  const data = await daemon.reader.read(dataRoot, {
    start: chunk * chunkBytes,
    end: Math.min(bytes, (chunk + count) * chunkBytes),
  })
  const { proof } = await daemon.reader.proof(dataRoot, chunk, count)
  const opening: Opening = {
    value,
    dataRoot,
    chunks: Array.from({ length: count }, (_, i) => chunk + i),
    data: bytesToHex(data),
    proof,
    path: located.path,
  }
  return encodeChunkAnswer({
    entry: bytesToHex(entry),
    entryProof: multiproof(manifestTree(manifest, nodeSha256), [value]),
    opening,
    traceProof,
  })
}
