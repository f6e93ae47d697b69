import { fileURLToPath } from 'node:url'
import { setEndpoint } from '@lynode/sdk'
import { type Devnet, enrolProvider } from 'lynode/devnet'
import { parseEther } from 'viem'

/** What it has at stake. */
const stake = parseEther('100000')

/**
 * Enrols and starts a provider that cheats, as the devnet's second account.
 *
 * @param name - Of its program in this folder.
 * @returns Its provider id.
 */
export async function startCheat(
  net: Devnet,
  name: 'alteringProvider' | 'cheatingProvider' | 'longTrainer',
  onLog?: (entry: Record<string, unknown>) => void,
): Promise<number> {
  const owner = net.client('second-owner')
  const providerId = await enrolProvider(owner, {
    hot: net.client('second'),
    endpoint: '',
    stake,
  })
  const { endpoint } = await net.startDaemon({
    name: 'cheat',
    role: 'provider',
    account: 'second',
    program: fileURLToPath(new URL(`./${name}.js`, import.meta.url)),
    onLog,
  })
  await setEndpoint.sync(owner, { providerId, endpoint })
  return providerId
}
