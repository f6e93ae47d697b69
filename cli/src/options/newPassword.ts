import { isCancel, password as prompt } from '@clack/prompts'
import { askPassword, readSecretFile } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'

/** Shorter ones are guessed. */
const leastLength = 8

/**
 * The password of a new keystore: from a file, from standard input, or asked for
 * twice. Never from the command line, where every user of the machine could read it.
 *
 * @throws LynodeError `LY-KEY-005` when there is none or it is too short.
 */
export async function newPassword(options: {
  passwordFile?: string | undefined
  passwordStdin?: boolean | undefined
}): Promise<string> {
  const given = await read(options)
  if (given.length < leastLength)
    throw new LynodeError('LY-KEY-005', {
      shortMessage: `The password has fewer than ${leastLength} characters`,
      remedy: 'Choose a longer one.',
    })
  return given
}

async function read(options: {
  passwordFile?: string | undefined
  passwordStdin?: boolean | undefined
}): Promise<string> {
  if (options.passwordFile !== undefined)
    return readSecretFile(options.passwordFile).replace(/\r?\n$/, '')
  const first = await askPassword({ stdin: options.passwordStdin === true })(
    'the new keystore',
  )
  if (options.passwordStdin) return first
  const second = await prompt({ message: 'Once more', output: process.stderr })
  if (isCancel(second) || second !== first)
    throw new LynodeError('LY-KEY-005', {
      shortMessage: 'The two passwords differ',
      remedy: 'Try again.',
    })
  return first
}
