import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { foundryBinary } from '@lynode/runtime/foundry'
import { LynodeError } from '@lynode/sdk'
import { stopProcess } from './stopProcess.js'

export type StartChainOptions = {
  /** 0 takes any free port. */
  port?: number | undefined
  /** Host to listen on; loopback unless told otherwise. */
  host?: string | undefined
}

/** A local chain in a child process. */
export type LocalChain = {
  rpcUrl: string
  chainId: number
  process: ChildProcess
  stop(): Promise<void>
}

/** Anvil's own public test phrase: worthless anywhere else. */
export const testMnemonic =
  'test test test test test test test test test test test junk'

/**
 * Starts anvil on chain 31337. It mines each transaction at once until
 * `startInterval` is called, so that the deployment does not wait for blocks.
 *
 * @throws LynodeError `LY-NET-003` with anvil's last lines when it ends before
 * it listens, as it does when the port is taken.
 */
export async function startChain({
  port = 0,
  host = '127.0.0.1',
}: StartChainOptions = {}): Promise<LocalChain> {
  const child = spawn(
    foundryBinary('anvil'),
    [
      ...['--port', `${port}`],
      ...['--host', host],
      ...['--chain-id', '31337'],
      ...['--mnemonic', testMnemonic],
      ...['--balance', '10000'],
      // One for each role of devnetAccounts.ts.
      ...['--accounts', '12'],
      // The limit of a transaction on main chains (EIP-7825) fits in a block.
      ...['--gas-limit', '60000000'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const lines: string[] = []
  const keep = (line: string) => {
    lines.push(line)
    if (lines.length > 20) lines.shift()
  }
  createInterface({ input: child.stderr }).on('line', keep)
  const output = createInterface({ input: child.stdout })
  const address = await new Promise<string>((resolve, reject) => {
    output.on('line', (line) => {
      keep(line)
      const [, listening] = /Listening on (.+)/.exec(line) ?? []
      if (listening !== undefined) resolve(listening)
    })
    const failed = (reason: string) =>
      reject(
        new LynodeError('LY-NET-003', {
          details: `anvil: ${reason}. ${lines.slice(-3).join(' ')}`.trim(),
        }),
      )
    child.once('error', (error) => failed(error.message))
    // Not at `exit`: its last lines may still be on their way.
    child.once('close', (code, signal) =>
      failed(`ended with ${signal ?? `status ${code}`}`),
    )
  })
  return {
    rpcUrl: `http://${address}`,
    chainId: 31_337,
    process: child,
    stop: () => stopProcess(child),
  }
}
