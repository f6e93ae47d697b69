import { once } from 'node:events'
import type { DaemonProcess, Devnet } from 'lynode/devnet'
import { createTestClient, http } from 'viem'

/**
 * Does something while the chain's clock stands still, such as the restart of a
 * daemon: it misses no deadline, however slow this machine is. From then on a
 * block is a second of the chain, whatever the wall clock says.
 */
export async function whileClockStands<T>(
  net: Devnet,
  action: () => Promise<T>,
): Promise<T> {
  const chain = createTestClient({
    mode: 'anvil',
    transport: http(net.rpcUrl),
  })
  await chain.setBlockTimestampInterval({ interval: 1 })
  await chain.setIntervalMining({ interval: 0 })
  try {
    return await action()
  } finally {
    await chain.setIntervalMining({ interval: 1 })
  }
}

/** Kills a daemon without a warning, and waits until it holds nothing any more. */
export async function killDaemon({ process }: DaemonProcess): Promise<void> {
  const exited = once(process, 'exit')
  process.kill('SIGKILL')
  await exited
}
