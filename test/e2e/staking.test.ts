import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeystore } from '@lynode/runtime'
import { approveToken, distributeRewards } from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lynode, lynodeError } from './lynode.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const devnet = new Devnet({ folder })
const lyn = (text: string) => ({
  wei: parseEther(text).toString(),
  text: `${text}LYN`,
})

beforeAll(async () => {
  await buildStep().run(() => undefined)
  for (const step of devnet.steps()) await step.run(() => undefined)
  devnet.writeNetworkFile()
}, 300_000)

afterAll(async () => {
  await devnet.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('default: staking and delegating by command', () => {
  const id = () => String(devnet.providerId)

  test('an owner stakes more, and thaws', async () => {
    const staked = await lynode(folder, 'stake', id(), '500LYN', '--yes')
    expect(staked.document).toMatchObject({
      providerId: devnet.providerId,
      staked: lyn('500'),
      stake: lyn('100500'),
    })
    const thawed = await lynode(folder, 'unstake', id(), '500LYN', '--yes')
    expect(thawed.document).toMatchObject({ thawing: lyn('500') })
    expect(
      await lynodeError(
        folder,
        'unstake',
        id(),
        '500LYN',
        '--withdraw',
        '--yes',
      ),
    ).toMatchObject({ code: 'LY-STK-023' })
  })

  test('a delegator lends, earns, claims and leaves', async () => {
    expect(
      (await lynodeError(folder, 'delegate', id(), '100LYN', '--yes')).code,
    ).toBe('LY-STK-015')
    const owner = devnet.client('provider-owner')
    const { providerId } = devnet
    const terms = ['--floor', '25%', '--commission', '10%']
    const opened = await lynode(folder, 'pool', 'open', id(), ...terms, '--yes')
    expect(opened.document).toMatchObject({
      pool: 1,
      floorBps: 2_500,
      commissionBps: 1_000,
    })
    const twice = ['pool', 'open', id(), ...terms, '--yes']
    expect((await lynodeError(folder, ...twice)).code).toBe('LY-STK-016')
    const strange = ['pool', 'commission', id(), '5', '--yes']
    expect((await lynodeError(folder, ...strange)).code).toBe('LY-CLI-001')
    expect((await lynodeError(folder, 'unjail', id(), '--yes')).code).toBe(
      'LY-STK-014',
    )
    const unasked = await lynodeError(folder, 'delegate', id(), '100LYN')
    expect(unasked.code).toBe('LY-CLI-003')
    const delegated = await lynode(folder, 'delegate', id(), '100LYN', '--yes')
    expect(delegated.document).toMatchObject({
      pool: 1,
      delegated: lyn('100'),
      amount: lyn('100'),
    })

    const { lynToken: token, stakeManager: spender } =
      owner.addressBook.contracts
    const amount = parseEther('1001')
    await approveToken(owner, { token, spender, amount })
    await distributeRewards.sync(owner, { providerId, amount })
    const shown = await lynode(folder, 'stake', 'show', id())
    expect(shown.document).toMatchObject({
      stake: lyn('100500'),
      delegated: lyn('75'),
      capacity: lyn('100075'),
      pool: { assets: lyn('100'), floorBps: 2_500, spent: false },
      commissions: [{ bps: 1_000 }],
      slashes: [],
    })
    const rewards = await lynode(folder, 'rewards')
    const [mine] = rewards.document['delegations'] as {
      rewards: { wei: string; text: string }
    }[]
    // 100 of 100,100 LYN that do not thaw, less a tenth.
    const owed = BigInt(mine?.rewards.wei ?? 0)
    expect(owed).toBeGreaterThan(parseEther('0.89'))
    expect(owed).toBeLessThanOrEqual(parseEther('0.9'))

    const to = devnet.client('third').account.address
    const claimed = await lynode(folder, 'claim', id(), '--to', to, '--yes')
    expect(claimed.document).toMatchObject({ claimed: mine?.rewards, to })
    expect((await lynodeError(folder, 'claim', id(), '--yes')).code).toBe(
      'LY-STK-022',
    )

    const cheaper = ['pool', 'commission', id(), '5%', '--yes']
    expect((await lynode(folder, ...cheaper)).document).toMatchObject({
      commissionBps: 500,
    })

    const left = await lynode(folder, 'undelegate', id(), '40LYN', '--yes')
    expect(left.document).toMatchObject({
      thawing: lyn('40'),
      amount: lyn('60'),
    })
    expect(
      (await lynodeError(folder, 'undelegate', id(), '--withdraw', '--yes'))
        .code,
    ).toBe('LY-STK-023')
    await devnet.client('requester').request({
      method: 'evm_increaseTime' as never,
      params: [130] as never,
    })
    await devnet
      .client('requester')
      .request({ method: 'evm_mine' as never, params: [] as never })
    const paid = await lynode(
      folder,
      'undelegate',
      id(),
      '--withdraw',
      '--to',
      to,
      '--yes',
    )
    expect(paid.document).toMatchObject({
      to,
      withdrawn: [{ amount: lyn('40') }],
    })
    const withdrawn = await lynode(
      folder,
      'unstake',
      id(),
      '500LYN',
      '--withdraw',
      '--to',
      to,
      '--yes',
    )
    expect(withdrawn.document).toMatchObject({ withdrawn: lyn('500'), to })
  })

  test('an account in a keystore signs on a network that a person described', async () => {
    const elsewhere = join(folder, 'elsewhere')
    const state = join(elsewhere, '.lynode')
    mkdirSync(state, { recursive: true })
    const { address, privateKey } = devnet.accounts['provider-owner']
    const keystore = 'owner.json'
    const passwordFile = 'password'
    writeFileSync(join(state, passwordFile), 'a long one', { mode: 0o600 })
    await createKeystore(join(state, keystore), privateKey, 'a long one')
    const key = { keystore, passwordFile }
    const network = (address: string, name = 'provider-owner') =>
      writeFileSync(
        join(state, 'network.json'),
        JSON.stringify({
          version: 1,
          rpcUrl: devnet.rpcUrl,
          addressBook: join(devnet.folder, 'addresses.json'),
          dataServers: devnet.daemons.map(({ endpoint }) => endpoint),
          accounts: [{ name, address, ...key }],
        }),
      )
    network(address)
    const staked = await lynode(elsewhere, 'stake', id(), '1LYN', '--yes')
    expect(staked.document).toMatchObject({ staked: lyn('1') })
    network(devnet.accounts.requester.address)
    const refused = ['stake', id(), '1LYN', '--yes']
    expect((await lynodeError(elsewhere, ...refused)).code).toBe('LY-KEY-002')
    network(address, 'somebody')
    expect((await lynodeError(elsewhere, ...refused)).code).toBe('LY-NET-005')
  })
})

describe('error: bad input changes nothing', () => {
  test('ids, amounts, addresses, accounts and keys', async () => {
    const codeOf = async (...args: string[]) =>
      (await lynodeError(folder, ...args, '--yes')).code
    expect(await codeOf('stake', '0', '1LYN')).toBe('LY-CLI-001')
    expect(await codeOf('stake', '1', '1')).toBe('LY-AMT-001')
    expect(await codeOf('stake', '99', '1LYN')).toBe('LY-STK-001')
    expect(await codeOf('claim', '1', '--to', '0x12')).toBe('LY-CLI-001')
    expect(await codeOf('delegate', '1', '1LYN', '--account', 'nobody')).toBe(
      'LY-NET-005',
    )
    expect(await codeOf('unstake', '1', '1LYN', '--account', 'third')).toBe(
      'LY-STK-002',
    )
    expect(await codeOf('undelegate', '1', '9999LYN')).toBe('LY-STK-018')
    expect(await codeOf('delegate', '1', '999999999LYN')).toBe('LY-LED-008')
  })
})
