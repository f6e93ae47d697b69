import { LynodeError } from '@lynode/sdk'

/** What SQLite says of a file whose bytes are no database any more. */
const damaged = ['SQLITE_NOTADB', 'SQLITE_CORRUPT']

/** What went wrong when the state of a daemon was opened, with its code. */
export function stateError(path: string, error: unknown): LynodeError {
  const reason =
    error instanceof Error && 'code' in error ? String(error.code) : ''
  return new LynodeError(
    damaged.some((code) => reason.startsWith(code))
      ? 'LY-CHK-014'
      : 'LY-DB-004',
    {
      details: `${path}: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    },
  )
}
