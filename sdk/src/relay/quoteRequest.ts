import type { Address, Hex } from 'viem'
import { type StructJson, structFromJson, structToJson } from './structJson.js'

/**
 * What a requester asks a provider's price for (`POST /v1/quotes`): an input
 * that the provider fetches, and so sees, before it binds itself (RULES D6).
 */
export type QuoteRequest = {
  /** Who may fill the offer. */
  requester: Address
  modelId: Hex
  /** 1 exact, 2 float. */
  class: number
  steps: number
  inputRoot: Hex
  payToken: Address
  /** LYN of stake that the order will reserve. */
  collateral: bigint
  /** Seconds from lock to delivery that the order will leave. */
  deliverDuration: number
}

const fields = [
  { name: 'requester', type: 'address' },
  { name: 'modelId', type: 'bytes32' },
  { name: 'class', type: 'uint8' },
  { name: 'steps', type: 'uint32' },
  { name: 'inputRoot', type: 'bytes32' },
  { name: 'payToken', type: 'address' },
  { name: 'collateral', type: 'uint96' },
  { name: 'deliverDuration', type: 'uint32' },
] as const

/**
 * Writes a request for a quote.
 *
 * @example
 * quoteRequestToJson(request)
 */
export function quoteRequestToJson(request: QuoteRequest): StructJson {
  return structToJson(fields, request)
}

/**
 * Reads a request for a quote. @throws LynodeError `LY-RLY-001`
 *
 * @example
 * parseQuoteRequest(quoteRequestToJson(request))
 */
export function parseQuoteRequest(json: unknown): QuoteRequest {
  return structFromJson(fields, json) as QuoteRequest
}
