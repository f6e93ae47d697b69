import { zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'
import type { ComputeOffer } from '../types/offer.js'
import { parseQuoteRequest, quoteRequestToJson } from './quoteRequest.js'
import { parseSignedOffer, signedOfferToJson } from './signedOffer.js'

const offer: ComputeOffer = {
  providerId: 7,
  models: `0x${'ab'.repeat(32)}`,
  payToken: zeroAddress,
  currency: 0,
  pricePerStep: 2n ** 128n - 1n,
  class: 2,
  capacity: 2n ** 64n - 1n,
  maxCollateral: 10n ** 21n,
  minDeliver: 2,
  millisPerStep: 1_500,
  requester: zeroAddress,
  inputRoot: zeroHash,
  expiry: 2_000_000_000,
  nonce: 2n ** 256n - 1n,
}

test('default: an offer comes back as it was sent', () => {
  const sent = JSON.stringify(signedOfferToJson({ offer, signature: '0x12' }))
  expect(parseSignedOffer(JSON.parse(sent))).toEqual({
    offer,
    signature: '0x12',
  })
})

test('error: fields that are missing, out of range or unknown', () => {
  const good = signedOfferToJson({ offer, signature: '0x12' })
  for (const change of [
    { capacity: String(2n ** 64n) },
    { nonce: undefined },
    { more: 1 },
    { models: '0x12' },
  ])
    expect(() =>
      parseSignedOffer({ ...good, offer: { ...good.offer, ...change } }),
    ).toThrowError(/LY-RLY-001/)
  expect(() => parseSignedOffer(undefined)).toThrowError(/LY-RLY-001/)
})

test('default: a request for a quote comes back as it was sent', () => {
  const request = {
    requester: zeroAddress,
    modelId: zeroHash,
    class: 2,
    steps: 3,
    inputRoot: zeroHash,
    payToken: zeroAddress,
    collateral: 10n ** 21n,
    deliverDuration: 6,
  }
  const sent = JSON.stringify(quoteRequestToJson(request))
  expect(parseQuoteRequest(JSON.parse(sent))).toEqual(request)
  expect(() => parseQuoteRequest({ ...request, steps: -1 })).toThrowError(
    /LY-RLY-001/,
  )
})
