import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeSha256 } from '@lynode/runtime'
import {
  buildModel,
  dtypes,
  finishModel,
  type LynodeClient,
  type ModelInterface,
  modelInterface,
  prepareModel,
  readManifest,
} from '@lynode/sdk'
import {
  buildStep,
  Devnet,
  findNetwork,
  publishModel,
  readGatewayConfig,
  startGateway,
} from 'lynode/devnet'

/** A devnet with a gateway, and what is asked of it. */
export type GatewayBench = {
  client: LynodeClient
  model: ModelInterface
  x: readonly number[]
  /** What the model gives for `x`. */
  y: readonly number[]
  /** Sends one request by the protocol; throws unless it is answered right. */
  infer(): Promise<{ totalMs: number; runMs: number }>
  close(): Promise<void>
}

const x = [1, 2, -3, 0.5]
const y = [5.5, 0, 6.5]

/** `y = Relu(x W)`: small, because it is not the model that is measured. */
const source = buildModel({
  inputs: { x: [1, 4] },
  outputs: ['y'],
  weights: {
    w: {
      dtype: dtypes.float32,
      dims: [4, 3],
      bytes: new Uint8Array(
        Float32Array.of(1, -1, 0, 2, 0, 1, 0, 1, -1.5, 1, 1, 0).buffer,
      ),
    },
  },
  nodes: [
    ['MatMul', ['x', 'w'], ['h']],
    ['Relu', ['h'], ['y']],
  ],
})

/** Starts chain, provider, verifier and gateway with their default settings. */
export async function openGateway(
  report: (line: string) => void,
): Promise<GatewayBench> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-'))
  const devnet = new Devnet({ folder })
  for (const step of [buildStep(), ...devnet.steps()]) {
    report(step.title)
    await step.run(() => undefined)
  }
  devnet.writeNetworkFile()
  const network = findNetwork(folder)
  const file = new Uint8Array(finishModel(prepareModel(source)))
  const manifest = readManifest(file, nodeSha256)
  const server = network.dataServers[0] ?? ''
  await publishModel(devnet.client('publisher'), server, file, manifest)
  const client = devnet.client('requester')
  const gateway = await startGateway(
    { client, network },
    readGatewayConfig(undefined, {
      models: [`tiny=${manifest.modelId}`],
      port: 0,
      budget: '50000LYN',
    }),
    () => undefined,
  )
  const body = JSON.stringify({
    inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP32', data: x }],
  })
  return {
    client,
    model: modelInterface(manifest, nodeSha256),
    x,
    y,
    async infer() {
      const start = performance.now()
      const response = await fetch(`${gateway.url}/v2/models/tiny/infer`, {
        method: 'POST',
        body,
      })
      const text = await response.text()
      const totalMs = performance.now() - start
      if (!response.ok) throw new Error(`${response.status} ${text}`)
      const { outputs } = JSON.parse(text) as { outputs: { data: number[] }[] }
      if (outputs[0]?.data.join() !== y.join())
        throw new Error(`wrong: ${text}`)
      const timing = /dur=([\d.]+)/.exec(
        response.headers.get('server-timing') ?? '',
      )
      return { totalMs, runMs: Number(timing?.[1]) }
    },
    async close() {
      await gateway.close()
      await devnet.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
