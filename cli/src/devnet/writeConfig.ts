import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'smol-toml'

/** Settings of a devnet's daemon; amounts in LYN as text. */
export type DevnetDaemonConfig = {
  rpc: string
  /** Path of the address book. */
  addressBook: string
  port?: number | undefined
  minPrice?: string | undefined
  sources?: readonly string[] | undefined
  relays?: readonly string[] | undefined
  logLevel?: 'info' | 'debug' | undefined
}

/**
 * Writes the configuration file of a daemon and makes its data folder.
 *
 * @param folder - One folder a daemon.
 * @returns Path of the file.
 */
export function writeConfig(
  folder: string,
  config: DevnetDaemonConfig,
): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'config.toml')
  writeFileSync(
    path,
    stringify({
      dataDir: '.',
      // Blocks come every second: looking four times as often is enough.
      pollMs: 250,
      ...Object.fromEntries(
        Object.entries(config).filter(([, value]) => value !== undefined),
      ),
    }),
  )
  return path
}
