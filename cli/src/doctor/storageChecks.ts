import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DaemonConfig, openExisting, schemaVersion } from '@lynode/runtime'
import { type Check, fail, pass } from './finding.js'

/** The database of the daemon, if it has run before. */
export function storageChecks(config: Pick<DaemonConfig, 'dataDir'>): Check[] {
  return [
    {
      name: 'database',
      async run() {
        const path = join(config.dataDir, 'state.sqlite')
        if (!existsSync(path))
          return [pass('no daemon has run here yet: it will be made')]
        const database = openExisting(path)
        try {
          const rows = database.prepare('PRAGMA integrity_check').all() as {
            integrity_check: string
          }[]
          const [first] = rows
          if (rows.length !== 1 || first?.integrity_check !== 'ok')
            return [
              fail('LY-CHK-014', `${path}: ${first?.integrity_check ?? ''}`),
            ]
          const { value } = database
            .prepare("SELECT value FROM meta WHERE name = 'schema'")
            .get() as { value: string }
          return [
            Number(value) > schemaVersion
              ? fail('LY-DB-001', `${path} is of version ${value}`)
              : pass(`${path} is whole, version ${value}`),
          ]
        } finally {
          database.close()
        }
      },
    },
  ]
}
