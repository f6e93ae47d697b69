import { createRequire } from 'node:module'

/** Version of the daemons: they are released together. */
export const { version } = createRequire(import.meta.url)(
  '../../package.json',
) as { version: string }
