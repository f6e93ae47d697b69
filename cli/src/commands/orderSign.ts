import { writeFileSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { LynodeError, signedOrderToJson, signOrder } from '@lynode/sdk'
import { z } from 'zod'
import { prepareOrder } from '../market/prepareOrder.js'
import { priceTerms } from '../market/priceTerms.js'
import { connect } from '../network/connect.js'
import type { Network } from '../network/networkFile.js'
import { parseId } from '../options/parseId.js'
import { parseWhole } from '../options/parseWhole.js'
import { document } from '../output/document.js'
import { hex, order } from '../output/fields.js'
import { log, printResult } from '../output/output.js'
import { paidText } from '../output/paidText.js'
import { toJson } from '../output/toJson.js'

const orderSignDocument = document(
  'order sign',
  1,
  z.object({
    jobId: hex,
    file: z.string(),
    order,
    signature: hex,
    allowed: z.array(z.int()).optional(),
  }),
)

/** `lynode order sign MODEL_ID`: an order that any lock can take, not sent yet. */
export function orderSignCommand() {
  return new Command('sign')
    .description('upload the inputs and sign an order on them; nothing is sent')
    .argument('<model-id>', 'id of a published model')
    .option('--input <name=@file...>', 'an input of the model: x=@x.npy')
    .option(
      '--max-price <amount>',
      'most that you pay: 15LYN, $2 (paid in LYN), 1.5usdc',
      '15LYN',
    )
    .option(
      '--min-price <amount>',
      'where the price starts; a third by default',
    )
    .option('--ramp <seconds>', 'from minimum to maximum', parseWhole, 4)
    .option('--deliver <seconds>', 'from lock to delivery', parseWhole, 6)
    .option(
      '--provider <id...>',
      'the only providers that may take it',
      (text: string, before: number[] | undefined) => [
        ...(before ?? []),
        parseWhole(text),
      ],
    )
    .option('--data-server <url>', 'where the inputs go')
    .option('--out <file>', 'where the signed order goes', 'order.json')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  lynode order sign 0x5e... --input x=@x.npy --max-price 15LYN
  lynode order sign 0x5e... --input x=@x.npy --provider 1 --provider 2
  lynode order post order.json`,
    )
    .action(async (id, options) => {
      const modelId = parseId(id, 'model')
      const { client, network } = await connect()
      const terms = priceTerms(options.maxPrice, network)
      const allowed = options.provider
      const order = await prepareOrder(client, network, {
        modelId,
        inputs: options.input ?? [],
        dataServer: options.dataServer,
        ...terms,
        minPrice: minPrice(options, network),
        rampDuration: options.ramp,
        deliverDuration: options.deliver,
        allowed,
      })
      const { jobId, signature } = await signOrder(client, { order })
      const signed = signedOrderToJson({ order, signature, allowed })
      writeFileSync(options.out, `${toJson(signed)}\n`)
      log(
        `signed; it can be locked until ${order.rampStart + order.lockDuration}`,
      )
      printResult(
        orderSignDocument,
        { jobId, file: options.out, order, signature, allowed },
        options,
        (result) =>
          [
            `Job ${result.jobId}, at most ${paidText(order, order.maxTotal, network)}`,
            `Written to ${result.file}: lynode order post ${result.file}`,
          ].join('\n'),
      )
    })
}

/** Where the ramp starts, in the unit of the maximum. */
function minPrice(
  options: { minPrice?: string | undefined; maxPrice: string },
  network: Network,
): bigint | undefined {
  if (options.minPrice === undefined) return undefined
  const least = priceTerms(options.minPrice, network)
  const most = priceTerms(options.maxPrice, network)
  if (
    least.currency !== most.currency ||
    least.payToken !== most.payToken ||
    least.maxPrice > most.maxPrice
  )
    throw new LynodeError('LY-AMT-001', {
      details: `--min-price ${options.minPrice} is above --max-price ${options.maxPrice}, or in another unit`,
    })
  return least.maxPrice
}
