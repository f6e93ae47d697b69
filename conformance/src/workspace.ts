import { fileURLToPath } from 'node:url'

/** The workspace's root folder. */
export const workspaceRoot: string = fileURLToPath(
  new URL('../..', import.meta.url),
)
