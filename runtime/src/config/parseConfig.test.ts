import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LynodeError } from '@lynode/sdk'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keySourceOf, loadConfig } from './parseConfig.js'
import { readSettings } from './readSettings.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(() => {
  const names = [
    ...['lynToken', 'ledger', 'stakeManager', 'modelRegistry', 'jobMarket'],
    ...[
      'disputes',
      'demands',
      'accumulations',
      'attestations',
      'answerVerifier',
      'reductionVerifier',
      'witnessVerifier',
      'fraudVerifier',
      'checkerRegistry',
      'parameters',
    ],
    ...['feeSink', 'priceOracle', 'offers', 'sealedAuctions', 'callbacks'],
    'receipts',
    ...['zkVerifierRouter', 'zkModels', 'zkDeliveries'],
    ...[
      'timelock',
      'governor',
      'stakeVoter',
      'stakerFees',
      'burnAuction',
      'rewards',
      'grantFactory',
      'auditManager',
      'canaries',
      'treasuryVault',
    ],
  ]
  const contracts = Object.fromEntries(
    names.map((name, i) => [name, `0x${String(i + 1).padStart(40, '0')}`]),
  )
  writeFileSync(
    join(folder, 'book.json'),
    JSON.stringify({ chainId: 31337, contracts }),
  )
})

function config(text: string) {
  const file = join(folder, 'config.toml')
  writeFileSync(file, text)
  return loadConfig(file)
}

const good = `
rpc = "http://127.0.0.1:8545"
addressBook = "book.json"
dataDir = "data"
minPrice = "0.25"
`

test('default: paths are relative to the file, amounts are in LYN', () => {
  expect(config(good)).toMatchObject({
    dataDir: join(folder, 'data'),
    addressBook: { chainId: 31_337 },
    minPrice: parseEther('0.25'),
    host: '127.0.0.1',
    threads: 1,
  })
})

test('default: ways and prices of a provider', () => {
  const token = `0x${'ab'.repeat(20)}`
  const model = `0x${'cd'.repeat(32)}`
  expect(
    config(
      `${good}maxPrice = "9"\nmaxCollateral = "1000"\npayTokens = ["${token}"]\nofferModels = ["${model}"]\n`,
    ),
  ).toMatchObject({
    maxPrice: parseEther('9'),
    maxCollateral: parseEther('1000'),
    payTokens: [token],
    offerModels: [model],
    quotes: true,
    bids: true,
  })
  expect(config(good).maxPrice).toBeUndefined()
  expect(() => config(`${good}offerModels = ["0x12"]`)).toThrow(
    /is no model id/,
  )
  expect(() => config(`${good}payTokens = ["LYN"]`)).toThrow(/is no address/)
})

test('error: all mistakes at once', () => {
  const load = () => config(`${good}port = 99999\nminPrize = "1"`)
  expect(load).toThrow(LynodeError)
  expect(load).toThrow(/minPrize[\s\S]*port|port[\s\S]*minPrize/)
})

test.each(['rpc = ', `${good}marginPercent = -1`, '', 'addressBook = 5'])(
  'error: %j',
  (text) => {
    expect(() => config(text)).toThrow(
      expect.objectContaining({ code: 'LY-CONFIG-001' }),
    )
  },
)

test('error: no address book', () => {
  expect(() => config(good.replace('book.json', 'nowhere.json'))).toThrow(
    expect.objectContaining({ code: 'LY-CONFIG-001' }),
  )
})

test('default: where the hot key is', () => {
  expect(keySourceOf(config(good))).toEqual({ env: 'LYNODE_HOT_KEY' })
  expect(keySourceOf(config(`${good}keyFile = "key"`))).toEqual({
    file: join(folder, 'key'),
  })
  expect(
    keySourceOf(config(`${good}keystore = "k.json"\npasswordFile = "p"`)),
  ).toEqual({
    keystore: join(folder, 'k.json'),
    passwordFile: join(folder, 'p'),
  })
  const signerAddress = `0x${'ab'.repeat(20)}`
  const remote = `web3signer = "http://127.0.0.1:9000"\n`
  expect(
    keySourceOf(config(`${good}${remote}signerAddress = "${signerAddress}"`)),
  ).toEqual({ web3signer: 'http://127.0.0.1:9000', address: signerAddress })
})

test.each([
  ['keyFile = "a"\nkeystore = "b"', 'only one of'],
  ['passwordFile = "a"', '`passwordFile` is of no use'],
  ['web3signer = "http://127.0.0.1:9000"', 'belong together'],
])('error: keys that contradict each other: %j', (text, reason) => {
  expect(() => config(`${good}${text}`)).toThrow(reason)
})

test('behavior: every setting has an origin, and no secret is shown', () => {
  const file = join(folder, 'shown.toml')
  writeFileSync(
    file,
    `${good.replace('http://127.0.0.1:8545', 'https://rpc.example/v2/0123456789abcdefghijkl')}
queue = "postgres://lynode:secret@10.0.0.2/jobs"
marginPercent = 5
`,
  )
  const settings = new Map(
    readSettings(file).map(({ name, ...rest }) => [name, rest]),
  )
  expect(settings.get('marginPercent')).toEqual({ value: 5, origin: 'file' })
  expect(settings.get('rpc')).toEqual({
    value: 'https://rpc.example/v2/***',
    origin: 'file',
  })
  expect(settings.get('queue')?.value).toBe('postgres://***@10.0.0.2/jobs')
  expect(settings.get('pricePerSecond')).toEqual({
    value: '0',
    origin: 'default',
  })
  expect(settings.get('executionProviders')).toEqual({
    value: ['cpu'],
    origin: 'default',
  })
  expect(settings.get('maxPrice')).toEqual({ value: null, origin: 'unset' })
})
