import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Gas of named calls by snapshot file, as `forge test` writes them. */
export type Snapshots = Record<string, Record<string, number>>

/**
 * Reads the committed gas snapshots; the tests compare them in CI. Other values
 * that tests keep beside them are no gas.
 */
export function readSnapshots(folder: string): Snapshots {
  const snapshots: Snapshots = {}
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.json')) continue
    const values: Record<string, unknown> = JSON.parse(
      readFileSync(join(folder, file), 'utf8'),
    )
    const calls = Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' && /^\d+$/.test(value)
        ? [[name, Number(value)] as const]
        : [],
    )
    if (calls.length > 0)
      snapshots[file.replace('.json', '')] = Object.fromEntries(calls)
  }
  return snapshots
}
