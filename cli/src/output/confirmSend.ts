import { confirm, isCancel } from '@clack/prompts'
import { LynodeError } from '@lynode/sdk'
import type { OutputOptions } from './output.js'

/**
 * Asks before something is sent; only on a terminal, and never with `--json`.
 *
 * @throws LynodeError `LY-CLI-003` when nobody said yes.
 */
export async function confirmSend(options: OutputOptions): Promise<void> {
  if (options.json || !process.stdin.isTTY || !process.stderr.isTTY)
    throw new LynodeError('LY-CLI-003', { details: 'there is nobody to ask' })
  const answer = await confirm({
    message: 'Send it?',
    output: process.stderr,
  })
  if (isCancel(answer) || !answer)
    throw new LynodeError('LY-CLI-003', { details: 'the answer was no' })
}
