import {
  type AskPassword,
  type DaemonConfig,
  keySourceOf,
  keystoreAddress,
  loadAccount,
  lockFileOf,
  lockKey,
} from '@lynode/runtime'
import {
  formatAmount,
  getProvider,
  LynodeError,
  type LynodeReader,
  stakeManagerAbi,
} from '@lynode/sdk'
import { type Address, formatEther, type PublicClient } from 'viem'
import { type Check, fail, pass, warn } from './finding.js'

/** Gas of a lock, a delivery and a settlement: what a job costs its provider. */
const gasOfJob = 260_000n

/** With gas money for fewer jobs, somebody should look. */
const fewJobs = 100n

/** The hot key, its gas money and the stake behind it. */
export function accountChecks(
  role: 'provider' | 'verifier',
  config: DaemonConfig,
  client: PublicClient & LynodeReader,
  ask: AskPassword,
): Check[] {
  let address: Address | undefined
  const needAddress = (): Address => {
    if (address === undefined)
      throw new LynodeError('LY-KEY-001', { details: 'see the check `key`' })
    return address
  }
  return [
    {
      name: 'key',
      async run() {
        const source = keySourceOf(config)
        // Whose it is, even if it does not open.
        if ('keystore' in source) address = keystoreAddress(source.keystore)
        address = (await loadAccount(source, ask)).address
        const where =
          'keystore' in source
            ? source.keystore
            : 'file' in source
              ? source.file
              : 'web3signer' in source
                ? source.web3signer
                : `the environment variable ${source.env}`
        const text = `${address}, from ${where}`
        return [
          'env' in source
            ? {
                ...warn('LY-KEY-003', `${text}: for development only`),
                remedy:
                  'Make a keystore with `lynode keys new` and name it in `keystore`.',
              }
            : pass(text),
        ]
      },
    },
    {
      name: 'lock',
      async run() {
        const source = keySourceOf(config)
        const { hash } = await client.getBlock({ blockNumber: 0n })
        const file = lockFileOf(source, `${hash.slice(2, 18)}-${needAddress()}`)
        try {
          lockKey(file).release()
          return [pass('no other process uses the key')]
        } catch (error) {
          if (!(error instanceof LynodeError)) throw error
          return [pass('a process uses the key: the daemon runs')]
        }
      },
    },
    {
      name: 'gas',
      async run() {
        const [balance, price] = await Promise.all([
          client.getBalance({ address: needAddress() }),
          client.getGasPrice(),
        ])
        const jobs = balance / (gasOfJob * (price === 0n ? 1n : price))
        const text = `${formatEther(balance)} of gas money, enough for about ${jobs} jobs`
        if (jobs === 0n) return [fail('LY-CHK-011', text)]
        return [jobs < fewJobs ? warn('LY-CHK-011', text) : pass(text)]
      },
    },
    ...(role === 'provider' ? providerChecks(config, client, needAddress) : []),
  ]
}

function providerChecks(
  config: DaemonConfig,
  client: PublicClient & LynodeReader,
  needAddress: () => Address,
): Check[] {
  const read = async () => {
    const address = needAddress()
    const providerId = await client.readContract({
      address: config.addressBook.contracts.stakeManager,
      abi: stakeManagerAbi,
      functionName: 'providerIdOf',
      args: [address],
    })
    if (providerId === 0)
      throw new LynodeError('LY-NODE-001', { details: address })
    return getProvider(client, { providerId })
  }
  return [
    {
      name: 'stake',
      async run() {
        const { providerId, stake, capacity, reserved } = await read()
        const free = capacity > reserved ? capacity - reserved : 0n
        const text = `provider ${providerId}: ${formatAmount(stake)} staked, ${formatAmount(free)} free for jobs`
        if (stake === 0n) return [fail('LY-CHK-012', text)]
        return [
          free < (config.maxCollateral ?? 1n)
            ? warn('LY-CHK-012', text)
            : pass(text),
        ]
      },
    },
    {
      name: 'endpoint',
      async run() {
        const { endpoint } = await read()
        if (endpoint === '')
          return [
            warn('LY-CHK-013', 'no endpoint is registered for this provider'),
          ]
        const health = await fetch(`${endpoint}/health`, {
          signal: AbortSignal.timeout(10_000),
        }).then(
          (response) => response.json() as Promise<{ account?: string }>,
          () => undefined,
        )
        if (health === undefined)
          return [warn('LY-CHK-013', `${endpoint} does not answer`)]
        if (health.account?.toLowerCase() !== needAddress().toLowerCase())
          return [
            warn(
              'LY-CHK-013',
              `${endpoint} is the server of ${health.account ?? 'something else'}`,
            ),
          ]
        const { hostname } = new URL(endpoint)
        const local = /^(localhost|127\.|\[::1\])/.test(hostname)
        const { chainId } = config.addressBook
        return [
          local && chainId !== 31_337
            ? warn('LY-CHK-013', `${endpoint} is this machine's own loopback`)
            : pass(`${endpoint} answers, asked from this machine`),
        ]
      },
    },
  ]
}
