import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LynodeError } from '@lynode/sdk'
import { devnetPath } from '../network/networkFile.js'

/**
 * The configuration file of a daemon: the one that was named, `provider.toml` or
 * `verifier.toml` of this folder, or that of the devnet in or above it.
 *
 * @throws LynodeError `LY-CONFIG-001` when there is none.
 */
export function findConfig(
  named: string | undefined,
  role: 'provider' | 'verifier',
): string {
  if (named !== undefined) return named
  const own = `${role}.toml`
  if (existsSync(own)) return own
  for (let folder = resolve('.'); ; folder = dirname(folder)) {
    if (existsSync(join(folder, devnetPath)))
      return join(folder, dirname(devnetPath), role, 'config.toml')
    if (folder === dirname(folder))
      throw new LynodeError('LY-CONFIG-001', {
        shortMessage: `there is no ${own} here, and no devnet`,
        remedy: 'Name a file with `--config`, or make one with `lynode init`.',
      })
  }
}
