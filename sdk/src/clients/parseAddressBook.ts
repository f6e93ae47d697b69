import { type Address, isAddress } from 'viem'
import { LynodeError } from '../errors/lynodeError.js'
import type { AddressBook, Contracts } from '../types/addressBook.js'

// Checked by hand: a schema library would be a third of what a browser loads.
const contractNames: Record<keyof Contracts, true> = {
  lynToken: true,
  ledger: true,
  stakeManager: true,
  modelRegistry: true,
  jobMarket: true,
  disputes: true,
  demands: true,
  accumulations: true,
  attestations: true,
  fraudVerifier: true,
  answerVerifier: true,
  reductionVerifier: true,
  witnessVerifier: true,
  checkerRegistry: true,
  parameters: true,
  feeSink: true,
  priceOracle: true,
  offers: true,
  sealedAuctions: true,
  callbacks: true,
  receipts: true,
  zkVerifierRouter: true,
  zkModels: true,
  zkDeliveries: true,
  timelock: true,
  governor: true,
  stakeVoter: true,
  stakerFees: true,
  burnAuction: true,
  rewards: true,
  grantFactory: true,
  auditManager: true,
  canaries: true,
  treasuryVault: true,
}

/**
 * Checks the address book that a deployment wrote.
 *
 * @param json - Text of the file, or what it parses to.
 * @throws LynodeError `LY-ADR-001` that names each field that is wrong.
 * @example
 * const book = parseAddressBook(addressBookText)
 */
export function parseAddressBook(json: unknown): AddressBook {
  const file = fieldsOf(typeof json === 'string' ? parseJson(json) : json)
  const listed = fieldsOf(file['contracts'])
  const chainId = file['chainId']
  const deployBlock = file['deployBlock'] ?? 0
  const wrong: string[] = []
  if (!isWhole(chainId) || Number(chainId) < 1)
    wrong.push('chainId: is no positive whole number')
  if (!isWhole(deployBlock)) wrong.push('deployBlock: is no block number')
  for (const name of Object.keys(contractNames))
    if (!isContract(listed[name]))
      wrong.push(`contracts.${name}: is no address`)
  if (wrong.length > 0)
    throw new LynodeError('LY-ADR-001', { details: wrong.join('; ') })
  return {
    chainId: Number(chainId),
    deployBlock: BigInt(deployBlock as number | string),
    contracts: Object.fromEntries(
      Object.keys(contractNames).map((name) => [name, listed[name]]),
    ) as Contracts,
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : {}
}

/** A whole number, or its digits: block numbers are written as text. */
function isWhole(value: unknown): boolean {
  return typeof value === 'string'
    ? /^\d{1,15}$/.test(value)
    : Number.isSafeInteger(value) && Number(value) >= 0
}

function isContract(value: unknown): value is Address {
  return typeof value === 'string' && isAddress(value, { strict: false })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LynodeError('LY-ADR-001', { details: 'not JSON', cause })
  }
}
