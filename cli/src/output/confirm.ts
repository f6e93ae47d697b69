import * as prompts from '@clack/prompts'
import { LynodeError } from '@lynode/sdk'
import { log, type OutputOptions } from './output.js'

/** Options of commands that send transactions. */
export type ConfirmOptions = OutputOptions & { yes?: boolean | undefined }

/**
 * Shows what a command would change, and asks, unless `--yes` was given.
 *
 * @throws LynodeError `LY-CLI-004` when there is nobody to ask, or the answer is no.
 */
export async function confirm(
  effect: readonly string[],
  { yes, json }: ConfirmOptions,
): Promise<void> {
  for (const line of effect) log(line)
  if (yes) return
  if (json || !process.stdin.isTTY || !process.stderr.isTTY)
    throw new LynodeError('LY-CLI-004', { details: 'there is nobody to ask' })
  const answer = await prompts.confirm({
    message: 'Send it?',
    output: process.stderr,
  })
  if (answer !== true)
    throw new LynodeError('LY-CLI-004', { details: 'the answer was no' })
}
