import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Gas of named calls by snapshot file, as `forge test` writes them. */
export type Snapshots = Record<string, Record<string, number>>

/** Reads the committed gas snapshots; the tests compare them in CI. */
export function readSnapshots(folder: string): Snapshots {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => {
        const calls: Record<string, string> = JSON.parse(
          readFileSync(join(folder, file), 'utf8'),
        )
        return [
          file.replace('.json', ''),
          Object.fromEntries(
            Object.entries(calls).map(([name, gas]) => [name, Number(gas)]),
          ),
        ]
      }),
  )
}
