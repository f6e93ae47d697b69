import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import {
  type ClassName,
  classCodes,
  formatAmount,
  LynodeError,
  parseAmount,
  readAction,
  signedOfferToJson,
  signOffer,
  stakeManagerAbi,
} from '@lynode/sdk'
import { bytesToBigInt, zeroAddress, zeroHash } from 'viem'
import { getBlock } from 'viem/actions'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { parseWhole } from '../options/parseWhole.js'
import { document } from '../output/document.js'
import { hex, offer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { toJson } from '../output/toJson.js'

const offerSignDocument = document(
  'offer sign',
  1,
  z.object({ offerId: hex, file: z.string(), offer, signature: hex }),
)

/** `lynode offer sign MODEL_ID`: with the hot key of a provider. */
export function offerSignCommand() {
  return new Command('sign')
    .description('sign an offer of a provider; nothing is sent')
    .argument('<model-id>', 'id of a published model')
    .requiredOption('--price <amount>', 'of a step: 2LYN')
    .option('--class <name>', 'exact or float', 'float')
    .option('--capacity <steps>', 'of all fills together', parseWhole, 100)
    .option('--minutes <minutes>', 'for which it is good', parseWhole, 60)
    .option('--collateral <amount>', 'most stake of a fill', '10000LYN')
    .option('--min-deliver <seconds>', 'that a fill must leave', parseWhole, 2)
    .option('--per-step <ms>', 'that every step adds', parseWhole, 1_000)
    .option('--input-root <root>', 'an input that you have seen')
    .option('--as <account>', 'account of the devnet: a hot key', 'provider')
    .option('--out <file>', 'where the signed offer goes', 'offer.json')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Without --input-root anybody can fill it with inputs that you have not seen; such a
fill can be declined for a while.

Examples:
  lynode offer sign 0x5e... --price 2LYN --capacity 50
  lynode offer post offer.json`,
    )
    .action(async (id, options) => {
      const modelId = parseId(id, 'model')
      const pricePerStep = parseAmount(options.price)
      if (options.class !== 'exact' && options.class !== 'float')
        throw new LynodeError('LY-CLI-001', {
          details: `"${options.class}" is no class of offers: exact or float`,
        })
      const { client } = await connect(options.as)
      const providerId = await readAction(client, {
        contract: 'stakeManager',
        abi: stakeManagerAbi,
        functionName: 'providerIdOf',
        args: [client.account.address],
      })
      if (providerId === 0)
        throw new LynodeError('LY-NODE-001', {
          shortMessage: `${client.account.address} is no provider's hot key`,
        })
      const { timestamp } = await getBlock(client)
      const offer = {
        providerId,
        models: modelId,
        payToken: client.addressBook.contracts.lynToken,
        currency: 0,
        pricePerStep,
        class: classCodes[options.class as ClassName],
        capacity: BigInt(options.capacity),
        maxCollateral: parseAmount(options.collateral),
        minDeliver: options.minDeliver,
        millisPerStep: options.perStep,
        requester: zeroAddress,
        inputRoot: options.inputRoot
          ? parseId(options.inputRoot, 'input')
          : zeroHash,
        expiry: Number(timestamp) + options.minutes * 60,
        nonce: bytesToBigInt(randomBytes(24)),
      }
      const { offerId, signature } = await signOffer(client, { offer })
      const signed = signedOfferToJson({ offer, signature })
      writeFileSync(options.out, `${toJson(signed)}\n`)
      printResult(
        offerSignDocument,
        { offerId, file: options.out, offer, signature },
        options,
        (result) =>
          [
            `Offer ${offerId} of provider ${providerId}: ${formatAmount(pricePerStep)} a step`,
            `Written to ${result.file}: lynode offer post ${result.file}`,
          ].join('\n'),
      )
    })
}
