import { fileURLToPath } from 'node:url'

/** The repository, which has the contracts and their deploy script. */
export const workspaceRoot: string = fileURLToPath(
  new URL('../../../', import.meta.url),
)
