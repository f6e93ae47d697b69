import { join } from 'node:path'
import { listen, nodeSha256, openDatabase } from '@lynode/runtime'
import { modelInterface } from '@lynode/sdk'
import { fetchModel } from '../job/fetchModel.js'
import { openData } from '../job/openData.js'
import type { Connection } from '../network/connect.js'
import { Budget } from './budget.js'
import { Funds } from './funds.js'
import { gatewayApp } from './gatewayApp.js'
import type { GatewayConfig } from './gatewayConfig.js'
import { createGatewayMetrics } from './gatewayMetrics.js'
import { ChainMarket } from './market.js'
import type { ServedModel } from './servedModel.js'
import { Slots } from './slots.js'

/** A gateway that listens. */
export type Gateway = {
  url: string
  models: readonly ServedModel[]
  close(): Promise<void>
}

/**
 * Starts a gateway: fetches each model once to learn and check its interface,
 * opens the record of what was spent, listens.
 */
export async function startGateway(
  { client, network }: Connection,
  config: GatewayConfig,
  log: (entry: Record<string, unknown>) => void,
): Promise<Gateway> {
  const data = openData(network)
  const models = new Map<string, ServedModel>()
  for (const { name, id, version, maxPrice } of config.models) {
    const { manifest, class: sold } = await fetchModel(client, data, id)
    models.set(name, {
      name,
      version,
      modelId: id,
      class: sold,
      interface: modelInterface(manifest, nodeSha256),
      maxPrice,
    })
  }
  const { chainId, contracts } = client.addressBook
  const database = openDatabase(
    join(network.folder, 'gateway.db'),
    `gateway of ${client.account.address} on ${chainId} ${contracts.ledger}`,
  )
  const perHour = config['budget-per-hour']
  const budget = new Budget(database, perHour)
  const funds = new Funds(client, perHour, (line) => log({ funds: line }))
  const slots = new Slots(config.concurrency, config.queue)
  const app = gatewayApp({
    models,
    market: new ChainMarket(client, budget, funds),
    slots,
    metrics: createGatewayMetrics(budget, slots),
    wait: config.wait,
    maxBytes: config['max-bytes'],
    budgetSeconds: () => budget.secondsToNext(),
    version: '0.1.0',
    log,
  })
  const server = await listen(app.fetch, config.host, config.port)
  return {
    url: server.url,
    models: [...models.values()],
    close: async () => {
      await server.close()
      database.close()
    },
  }
}
