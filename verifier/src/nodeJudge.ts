import { nodeSha256 } from '@lynode/runtime'
import {
  type BuildFraudProofParameters,
  buildAccumulation,
  buildFraudProof,
  buildWitnessProof,
  type FraudProof,
  type Hex,
  judgedManifest,
  proofWay,
  treeOfRoots,
} from '@lynode/sdk'
import { size } from 'viem'
import { convicted } from './convicted.js'
import { inspectNode } from './inspectNode.js'
import { proveElement, type Reveal, willConvict } from './proveElement.js'
import { proveInParts } from './proveInParts.js'
import type { CheckResult, Search } from './searchTrace.js'

/**
 * Judges nodes one by one, each on the provider's own operands, and convicts by
 * the first element that lies outside of its bound.
 *
 * @returns `undefined` for a node whose elements are all right, as far as they
 * were looked at.
 */
export async function nodeJudge(
  search: Search,
): Promise<(node: number) => Promise<CheckResult | undefined>> {
  const { daemon, order, model, evidence, step, row } = search
  const { traceRoots, stateRoots } = search
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
  return async (node) => {
    const { name, operator } = manifest.nodes[node] ?? {}
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
      if (search.look)
        return {
          verdict: 'provable',
          details: {
            step,
            node: name,
            nodeIndex: node,
            operator,
            output,
            element,
            // What a witness opens is known once it is named.
            ...(way !== 'witness' && {
              proofBytes: openedBytes((await buildFraudProof(place)).proof),
            }),
          },
        }
      if (way === 'parts') {
        const details = await convictInParts(search, place)
        if (details === undefined) continue
        return { verdict: 'fraud', details }
      }
      const built: Reveal =
        way === 'witness'
          ? await byOwnWitness(search, place)
          : await buildFraudProof(place)
      const { checkerVersion } = model.registered
      if (!(await willConvict(daemon, roots, checkerVersion, built))) continue
      daemon.logger.info(
        { event: 'fraud.found', jobId: row.jobId, node: name, output, element },
        'a wrong element was found',
      )
      const conviction = await proveElement(search, built)
      return convicted(daemon, order, row, conviction)
    }
    return undefined
  }
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
  search: Search,
  place: BuildFraudProofParameters,
): Promise<Record<string, unknown> | undefined> {
  const { daemon, row, model } = search
  const built = await buildAccumulation(place)
  if (!built.judgement.fraud) return undefined
  const { step, node, output, element } = place
  const { name, operator } = model.manifest.nodes[node] ?? {}
  daemon.logger.info(
    { event: 'fraud.found', jobId: row.jobId, node: name, output, element },
    'a wrong element was found: it is proved in parts',
  )
  const transaction = await proveInParts(search, built)
  const details = {
    jobId: row.jobId,
    execId: row.execId,
    providerId: row.providerId,
    step,
    operator,
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
