import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalise, nodeSha256 } from '@lynode/runtime'
import { announceRun, collectReport, startCheat } from '@lynode/script'
import {
  awaitJob,
  bindInputs,
  dtypes,
  elementCount,
  type Manifest,
  readManifest,
  uploadInputs,
} from '@lynode/sdk'
import {
  buildStep,
  Devnet,
  openData,
  publishModel,
  runSteps,
} from 'lynode/devnet'
import type { Hex } from 'viem'

/** A model whose provider cheats. */
export type DisputedModel = {
  name: string
  file: Uint8Array
  /** Shape of its float32 input `x`. */
  dims: readonly number[]
}

/** What the chain says of the dispute. */
export type DisputeMeasurement = {
  model: string
  parameters: number
  nodes: number
  /** From the block of the first demand to the block of the conviction. */
  seconds: number
  /** From the block of the delivery, with the verifier's own run. */
  sinceDelivery: number
  /** Of the element that convicts. */
  operator: string
  proofGas: number
  proofBytes: number
}

/**
 * A whole dispute, between processes on a chain with a block a second: a
 * cheat, which alters one channel deep inside the network, takes the job; the honest
 * provider asks for more than anybody pays.
 */
export async function measureDispute({
  name,
  file: source,
  dims,
}: DisputedModel): Promise<DisputeMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-dispute-'))
  const net = new Devnet({ folder, minPrice: '1000000' })
  try {
    await runSteps([buildStep(), ...net.steps()])
    const file = new Uint8Array(
      await canonicalise(source, { shapes: { x: [...dims] } }),
    )
    const manifest = readManifest(file, nodeSha256)
    const cheatId = await startCheat(net, 'alteringProvider')
    const inputRoot = await publish(net, file, manifest, dims)
    const { jobId, delivered } = await buy(net, manifest, inputRoot)
    const client = net.client('requester')
    const { fraud, jobs } = await collectReport(
      client,
      manifest,
      new Map([[jobId, 0]]),
    )
    if (fraud === undefined || jobs[0]?.provider !== cheatId)
      throw new Error(`${name}: the cheat was not convicted`)
    return {
      model: name,
      parameters: parametersOf(manifest),
      nodes: manifest.header.nodes,
      seconds: fraud.disputeSeconds,
      sinceDelivery: fraud.provedAt - delivered,
      operator: fraud.operator,
      proofGas: fraud.proofGas,
      proofBytes: fraud.proofBytes,
    }
  } finally {
    await net.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns Root of the inputs. */
async function publish(
  net: Devnet,
  file: Uint8Array<ArrayBuffer>,
  manifest: Manifest,
  dims: readonly number[],
): Promise<Hex> {
  const { server } = openData({
    dataServers: net.daemons
      .filter(({ role }) => role === 'provider')
      .map(({ endpoint }) => endpoint),
    folder: net.folder,
  })
  await publishModel(net.client('publisher'), server, file, manifest)
  const values = Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => Math.sin(i / 7) + 0.3 * Math.sin(i / 311),
  )
  const data = new Uint8Array(values.buffer)
  const x = { dtype: dtypes.float32, dims: [...dims], data }
  return uploadInputs(server, bindInputs(manifest, { x }))
}

async function buy(
  net: Devnet,
  manifest: Manifest,
  inputRoot: Hex,
): Promise<{ jobId: Hex; delivered: number }> {
  const requester = net.client('requester')
  const context = { requester, manifest, inputRoot }
  const { jobId, order } = await announceRun(context)
  let delivered = 0
  await awaitJob(requester, {
    jobId,
    order,
    until: ['convicted'],
    onChange({ status, time }) {
      if (status === 'delivered') delivered = time
    },
  })
  return { jobId, delivered }
}

function parametersOf({ values }: Manifest): number {
  return values
    .filter(({ kind }) => kind === 'weight')
    .reduce((sum, { type }) => sum + elementCount(type.dims), 0)
}
