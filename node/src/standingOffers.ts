import { type Daemon, errorText } from '@lynode/runtime'
import { classCodes, type Hex, signedOfferToJson } from '@lynode/sdk'
import { askingPrice } from './askingPrice.js'
import type { Costs } from './costs.js'
import { deliveryTerms, signOwnOffer } from './signQuote.js'

/**
 * Keeps an offer of each model in `offerModels` on the relays, and signs the
 * next one when half of its time is over. Nobody's input was seen, so each can
 * be declined (D6).
 */
export class StandingOffers {
  readonly #daemon: Daemon
  readonly #costs: Costs
  readonly #providerId: number
  #busy = false

  constructor(daemon: Daemon, costs: Costs, providerId: number) {
    this.#daemon = daemon
    this.#costs = costs
    this.#providerId = providerId
    daemon.database.exec(`CREATE TABLE IF NOT EXISTS own_offers (
      model_id TEXT PRIMARY KEY, body TEXT NOT NULL, expiry INTEGER NOT NULL)`)
  }

  /** Signs what is missing; a model that cannot be had is tried again later. */
  async turn(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      for (const modelId of this.#daemon.config.offerModels)
        await this.#renew(modelId).catch((error: unknown) =>
          this.#daemon.logger.warn(
            { event: 'offer.failed', modelId, error: errorText(error) },
            'no offer of a model',
          ),
        )
    } finally {
      this.#busy = false
    }
  }

  async #renew(modelId: Hex): Promise<void> {
    const { config, contracts, database, logger, models, profiles, relay } =
      this.#daemon
    const { now } = this.#daemon
    const life = config.offerMinutes * 60
    const row = database
      .prepare('SELECT body, expiry FROM own_offers WHERE model_id = ?')
      .get(modelId) as { body: string; expiry: number } | undefined
    if (row !== undefined && row.expiry > now() + life / 2) return
    const model = await models.load(modelId)
    // Whoever fills the offer binds us.
    await profiles.require(model.manifest)
    const stepSeconds = await this.#costs.estimated(model)
    const pricePerStep = askingPrice(config, stepSeconds)
    if (pricePerStep === undefined)
      throw new Error('a step costs more than `maxPrice`')
    const signed = await signOwnOffer(this.#daemon, {
      providerId: this.#providerId,
      models: modelId,
      payToken: contracts.lynToken,
      currency: 0,
      pricePerStep,
      class: classCodes[model.manifest.class],
      capacity: BigInt(config.offerCapacity),
      maxCollateral: config.maxCollateral ?? 2n ** 96n - 1n,
      ...deliveryTerms(stepSeconds),
      requester: `0x${'00'.repeat(20)}`,
      inputRoot: `0x${'00'.repeat(32)}`,
      expiry: now() + life,
    })
    const json = signedOfferToJson(signed)
    const { id } = await relay.add('offer', json)
    database
      .prepare('INSERT OR REPLACE INTO own_offers VALUES (?, ?, ?)')
      .run(modelId, JSON.stringify(json), signed.offer.expiry)
    logger.info(
      {
        event: 'offer.made',
        offerId: id,
        modelId,
        pricePerStep: String(pricePerStep),
      },
      'offer made',
    )
  }
}
