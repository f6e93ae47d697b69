import { readFileSync } from 'node:fs'
import { isCancel, password as prompt } from '@clack/prompts'
import { LynodeError } from '@lynode/sdk'

/** Gives the password of a keystore; called at most once. */
export type AskPassword = (keystore: string) => Promise<string>

/**
 * Reads a password from standard input, up to its first line break, or asks for
 * it on a terminal.
 *
 * @throws LynodeError `LY-KEY-005` when there is nobody to ask.
 */
export function askPassword(options: { stdin: boolean }): AskPassword {
  return async (keystore) => {
    if (options.stdin) {
      const [line = ''] = readFileSync(0, 'utf8').split(/\r?\n/)
      if (line !== '') return line
      throw missing(keystore, 'standard input is empty')
    }
    if (!process.stdin.isTTY || !process.stderr.isTTY)
      throw missing(keystore, 'there is nobody to ask')
    const answer = await prompt({
      message: `Password of ${keystore}`,
      output: process.stderr,
    })
    if (isCancel(answer) || answer === '')
      throw missing(keystore, 'none was given')
    return answer
  }
}

function missing(keystore: string, details: string): LynodeError {
  return new LynodeError('LY-KEY-005', { details: `${keystore}: ${details}` })
}
