// What a stranger's program does with the packed packages: it is compiled
// against them, and run.
import assert from 'node:assert/strict'
import { type JobMarket, JobMarket__factory } from '@lynode/ethers'
import { nodeSha256 } from '@lynode/runtime'
import {
  bytesToHex,
  defaultSha256,
  formatAmount,
  type Hex,
  jobMarketAbi,
  parseAmount,
  parsePrice,
} from '@lynode/sdk'
import { commandsOf, documents, program } from 'lynode'
import { type AbiFunction, toFunctionSelector } from 'viem'

const wei: bigint = parseAmount('1.5LYN')
assert.equal(formatAmount(wei), '1.5LYN')
assert.deepEqual(parsePrice('$2'), { unit: 'USD', value: 2n * 10n ** 18n })

const bytes = new TextEncoder().encode('lynode')
const hash: Hex = bytesToHex(defaultSha256(bytes))
assert.equal(hash, bytesToHex(nodeSha256(bytes)))

const market: JobMarket = JobMarket__factory.connect(`0x${'1'.repeat(40)}`)
for (const name of ['settle', 'jobOf', 'lock'] as const) {
  const entry = jobMarketAbi.find(
    (one) => one.type === 'function' && one.name === name,
  )
  assert.equal(
    market.interface.getFunction(name).selector,
    toFunctionSelector(entry as AbiFunction),
  )
}

const names = commandsOf(program()).map(([name]) => name)
assert.ok(names.includes('run'))
assert.ok(documents().some(({ id }) => id.startsWith('lynode.run/')))
