import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  announceOrder,
  type Hex,
  makeOrder,
  type Order,
  signOrder,
  uploadBlob,
} from '@lynode/sdk'
import { type Devnet, publishModel } from 'lynode/devnet'
import { parseEther } from 'viem'
import { expect } from 'vitest'
import type { Scenario } from '../../../sdk/src/vectors/scenarios.js'
import type { HostileProvider } from './hostileProvider.js'

/** Publishes the model of a scenario, uploads its inputs, announces an order on it. */
export async function orderOn(
  net: Devnet,
  scenario: Scenario,
  terms: Partial<Order> = {},
  withheld: (input: string) => boolean = () => false,
): Promise<{ order: Order; jobId: Hex; signature: Hex }> {
  const requester = net.client('requester')
  const [{ endpoint } = { endpoint: '' }] = net.daemons
  await publishModel(
    net.client('publisher'),
    endpoint,
    new Uint8Array(scenario.file),
    scenario.manifest,
  )
  const { inputs } = scenario.commitments(0)
  for (const [step, tensors] of inputs.steps.entries())
    for (const [value, entry] of scenario.manifest.values.entries())
      if (entry.kind === 'input' && tensors.length > 0 && !withheld(entry.name))
        await uploadBlob(
          endpoint,
          new Uint8Array(scenario.committed(step, value)),
        )
  await fetch(`${endpoint}/v1/bundles`, {
    method: 'PUT',
    body: JSON.stringify(inputs),
  })
  const order = {
    ...(await makeOrder(requester, {
      modelId: scenario.manifest.modelId,
      class: scenario.manifest.class,
      inputRoot: scenario.roots(0).inputRoot,
      maxPrice: parseEther('5'),
    })),
    steps: scenario.steps,
    ...terms,
  }
  const { jobId, signature } = await signOrder(requester, { order })
  await announceOrder.sync(requester, { order, signature })
  return { order, jobId, signature }
}

/** Sells one execution; returns what the chain and the verifier say about it. */
export async function sellOnce(
  net: Devnet,
  provider: HostileProvider,
  scenario: Scenario,
) {
  const { order, jobId, signature } = await orderOn(net, scenario)
  const status = await provider.sell(scenario, order, signature, jobId)
  return { status, verdict: await verdictOn(net, jobId) }
}

/** What the verifier's log says about a job, as soon as it does. */
export async function verdictOn(
  net: Devnet,
  jobId: string,
): Promise<Record<string, unknown>> {
  const log = join(net.folder, 'verifier', 'log.jsonl')
  let verdict: Record<string, unknown> | undefined
  await expect
    .poll(
      () => {
        verdict = readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line.includes('"job.verdict"'))
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .find((entry) => entry['jobId'] === jobId)
        return verdict !== undefined
      },
      { timeout: 20_000 },
    )
    .toBe(true)
  return verdict ?? {}
}
