import { loadConfig } from '@lynode/runtime'
import { findConfig } from './findConfig.js'

/** Where the state of a daemon is, and the chain that it works on. */
export type DaemonPlace = { dataDir: string; rpc: string }

/** The daemon that `--config` and `--role` name: the devnet's by default. */
export function daemonPlace(options: {
  config?: string | undefined
  role: 'provider' | 'verifier'
}): DaemonPlace {
  const { dataDir, rpc } = loadConfig(findConfig(options.config, options.role))
  return { dataDir, rpc }
}
