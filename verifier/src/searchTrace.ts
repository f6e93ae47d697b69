import { type Daemon, type LoadedModel, nodeSha256 } from '@lynode/runtime'
import {
  type BuildFraudProofParameters,
  buildAccumulation,
  buildFraudProof,
  buildWitnessProof,
  committedOperands,
  type FraudProof,
  type Hex,
  judgedManifest,
  type Order,
  proofWay,
  proveFraud,
  treeOfRoots,
} from '@lynode/sdk'
import { size } from 'viem'
import type { CheckRow, CheckTable, Verdict } from './checkTable.js'
import type { Demands } from './demands.js'
import type { Evidence } from './evidence.js'
import { inspectNode } from './inspectNode.js'
import {
  type Conviction,
  proveElement,
  type Reveal,
  willConvict,
} from './proveElement.js'
import { proveInParts } from './proveInParts.js'
import { shownValue } from './shownValue.js'

/** A verdict and what it rests on. */
export type CheckResult = { verdict: Verdict; details: Record<string, unknown> }

/** What is searched: an execution, or what a verifier attested of one. */
export type Search = {
  /** Stops before anything is sent. */
  look: boolean
  daemon: Daemon
  table: CheckTable
  execId: Hex
  /** What its demands and proofs take. */
  order: Order
  row: Searched
  model: LoadedModel
  evidence: Evidence
  step: number
  demands: Demands
  traceRoots: readonly Hex[]
  /** Of the step's segment, none where it has one step. */
  stateRoots: readonly Hex[]
}

/** Whose numbers they are. */
export type Searched = Pick<
  CheckRow,
  'execId' | 'jobId' | 'providerId' | 'resultRoot'
> & {
  /** Block time from which on it could be disputed. */
  since: number
}

/**
 * Goes through the nodes whose outputs differ from ours, in order, until an
 * element lies outside of its bound, and convicts by that: `fraud`, or
 * `tolerated` where rounding explains every element that was looked at.
 */
export async function searchTrace(options: Search): Promise<CheckResult> {
  const { daemon, order, model, evidence, step, row } = options
  const { traceRoots, stateRoots } = options
  const { manifest } = model
  const roots = {
    modelId: order.modelId,
    steps: order.steps,
    inputRoot: order.inputRoot,
    resultRoot: row.resultRoot,
    traceRoot: rootOf(traceRoots),
    statesRoot: rootOf(stateRoots),
  }
  const modelOfNode = await model.nodeModels()
  const differing = manifest.nodes.flatMap(({ outputs, name }, node) =>
    outputs.some((value) => evidence.differs(value))
      ? [
          {
            node,
            name,
            // Wrong for sure: it made other values out of the same operands.
            source: !committedOperands(manifest, node).some((value) =>
              evidence.differs(value),
            ),
          },
        ]
      : [],
  )
  for (const { node, name } of [
    ...differing.filter(({ source }) => source),
    ...differing.filter(({ source }) => !source),
  ]) {
    const wrong = inspectNode({ daemon, model, modelOfNode, evidence, node })
    for await (const { output, element } of wrong) {
      // Of a node with several outputs only some may be theirs.
      const value = manifest.nodes[node]?.outputs[output]
      if (value === undefined || !evidence.differs(value)) continue
      const place = {
        manifest,
        step,
        node,
        output,
        element,
        commitments: evidence.commitments(),
        committed: (value: number) => evidence.bytes(value),
        sha256: nodeSha256,
      }
      const way = proofWay({
        manifest: judgedManifest(manifest),
        node,
        output,
        element,
      })
      if (options.look)
        return {
          verdict: 'provable',
          details: {
            step,
            node: name,
            nodeIndex: node,
            operator: manifest.nodes[node]?.operator,
            output,
            element,
            // What a witness opens is known once it is named.
            ...(way !== 'witness' && {
              proofBytes: openedBytes((await buildFraudProof(place)).proof),
            }),
          },
        }
      if (way === 'parts') {
        const details = await convictInParts(options, place, name)
        if (details === undefined) continue
        return { verdict: 'fraud', details }
      }
      const built: Reveal =
        way === 'witness'
          ? await byOwnWitness(options, place)
          : await buildFraudProof(place)
      const { checkerVersion } = model.registered
      if (!(await willConvict(daemon, roots, checkerVersion, built))) continue
      daemon.logger.info(
        { event: 'fraud.found', jobId: row.jobId, node: name, output, element },
        'a wrong element was found',
      )
      const conviction = await proveElement(options, built)
      return convicted(daemon, order, row, conviction)
    }
  }
  return { verdict: 'tolerated', details: { step, nodes: differing.length } }
}

/** The provider names what its element is made of; a counter-example convicts (A8). */
async function byOwnWitness(
  { demands, model }: Search,
  place: BuildFraudProofParameters,
): Promise<Reveal> {
  const { step, node, output, element } = place
  const value = model.manifest.nodes[node]?.outputs[output]
  if (value === undefined) throw new RangeError(`no node ${node}`)
  const positions = await demands.witness(step, value, element)
  return buildWitnessProof({ ...place, positions })
}

/** Of roots that were posted; zero where none were. */
function rootOf(roots: readonly Hex[]): Hex {
  return roots.length === 0
    ? `0x${'0'.repeat(64)}`
    : treeOfRoots(roots, nodeSha256).root
}

/** @returns `undefined` when the element is right after all. */
async function convictInParts(
  options: Search,
  place: BuildFraudProofParameters,
  name: string,
): Promise<Record<string, unknown> | undefined> {
  const { daemon, row, model } = options
  const built = await buildAccumulation(place)
  if (!built.judgement.fraud) return undefined
  const { step, node, output, element } = place
  daemon.logger.info(
    { event: 'fraud.found', jobId: row.jobId, node: name, output, element },
    'a wrong element was found: it is proved in parts',
  )
  const transaction = await proveInParts(options, built)
  const details = {
    jobId: row.jobId,
    execId: row.execId,
    providerId: row.providerId,
    step,
    operator: model.manifest.nodes[node]?.operator,
    node: name,
    nodeIndex: node,
    output,
    element,
    parts: built.parts.length,
    transaction,
  }
  daemon.logger.info({ event: 'fraud.proved', ...details }, 'fraud proved')
  return details
}

function openedBytes({ openings }: FraudProof): number {
  return openings.reduce((sum, { data }) => sum + size(data), 0)
}

/** What a proof said that convicted. */
export async function convicted(
  daemon: Daemon,
  order: Order,
  row: Searched,
  { receipt, proof, proofBytes }: Conviction,
): Promise<CheckResult> {
  const { manifest } = await daemon.models.load(order.modelId)
  const { claimed, low, high } = proveFraud.extractEvent(receipt)
  const node = manifest.nodes[proof.node]
  const dtype =
    manifest.values[node?.outputs[proof.output] ?? -1]?.type.dtype ?? 1
  const { timestamp } = await daemon.client.getBlock({
    blockNumber: receipt.blockNumber,
  })
  const details = {
    jobId: row.jobId,
    execId: row.execId,
    providerId: row.providerId,
    step: proof.step,
    operator: node?.operator,
    node: node?.name,
    nodeIndex: proof.node,
    output: proof.output,
    element: proof.element,
    ...shownValue(dtype, claimed, low, high),
    proofGas: Number(receipt.gasUsed),
    proofBytes,
    // Until the conviction, in block time.
    disputeSeconds: Number(timestamp) - row.since,
    transaction: receipt.transactionHash,
  }
  daemon.logger.info({ event: 'fraud.proved', ...details }, 'fraud proved')
  return { verdict: 'fraud', details }
}
