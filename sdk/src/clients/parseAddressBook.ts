import { type Address, isAddress } from 'viem'
import { z } from 'zod'
import { LynodeError } from '../errors/lynodeError.js'
import type { AddressBook } from '../types/addressBook.js'

const address = z.custom<Address>(
  (value) => typeof value === 'string' && isAddress(value, { strict: false }),
  'is no address',
)

const addressBook = z.object({
  chainId: z.int().positive(),
  deployBlock: z.union([z.int(), z.string()]).default(0).transform(BigInt),
  contracts: z.object({
    lynToken: address,
    ledger: address,
    stakeManager: address,
    modelRegistry: address,
    jobMarket: address,
    disputes: address,
    demands: address,
    accumulations: address,
    attestations: address,
    fraudVerifier: address,
    answerVerifier: address,
    reductionVerifier: address,
    witnessVerifier: address,
    checkerRegistry: address,
    parameters: address,
    feeSink: address,
    priceOracle: address,
    offers: address,
    sealedAuctions: address,
    callbacks: address,
    receipts: address,
    zkVerifierRouter: address,
    zkModels: address,
    zkDeliveries: address,
    timelock: address,
    governor: address,
    stakeVoter: address,
    stakerFees: address,
    burnAuction: address,
    rewards: address,
    grantFactory: address,
    auditVault: address,
    treasuryVault: address,
  }),
})

/**
 * Checks the address book that a deployment wrote.
 *
 * @param json - Text of the file, or what it parses to.
 * @throws LynodeError `LY-ADR-001` that names each field that is wrong.
 * @example
 * const book = parseAddressBook(await readFile('addresses.json', 'utf8'))
 */
export function parseAddressBook(json: unknown): AddressBook {
  const result = addressBook.safeParse(
    typeof json === 'string' ? parseJson(json) : json,
  )
  if (result.success) return result.data
  const details = result.error.issues
    .map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`)
    .join('; ')
  throw new LynodeError('LY-ADR-001', { details, cause: result.error })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LynodeError('LY-ADR-001', { details: 'not JSON', cause })
  }
}
