import { isCancel, select, text } from '@clack/prompts'
import { LynodeError } from '@lynode/sdk'
import { findNetwork } from '../network/networkFile.js'

/** What `lynode init` cannot find out by itself. */
export type Answers = {
  rpc: string
  addressBook: string
  dataDir: string
  /** LYN that a month of this machine costs. */
  monthCost: number
  key: 'new' | 'import' | 'existing' | 'web3signer'
}

export type Given = {
  [name in keyof Omit<Answers, 'monthCost'>]?: Answers[name] | undefined
} & {
  /** As it was typed: `300` or `300LYN`. */
  monthCost?: string | undefined
}

/**
 * Asks on a terminal for what no flag said; elsewhere takes the defaults.
 *
 * @throws LynodeError `LY-CLI-001` where there is neither a flag, nor a default, nor
 * somebody to ask.
 */
export async function askSettings(
  role: 'provider' | 'verifier',
  given: Given,
  interactive: boolean,
): Promise<Answers> {
  const devnet = devnetHere()
  const ask = async (
    flag: string,
    message: string,
    value: string | undefined,
    fallback: string | undefined,
  ): Promise<string> => {
    if (value !== undefined) return value
    if (interactive) {
      const answer = await text({
        message,
        output: process.stderr,
        ...(fallback !== undefined && {
          initialValue: fallback,
        }),
      })
      if (!isCancel(answer) && answer !== '') return answer
    } else if (fallback !== undefined) return fallback
    throw new LynodeError('LY-CLI-001', { details: `${flag} is missing` })
  }
  const rpc = await ask(
    '--rpc',
    'JSON-RPC endpoint of the chain',
    given.rpc,
    devnet?.rpc,
  )
  const addressBook = await ask(
    '--address-book',
    'Address book that the deployment wrote',
    given.addressBook,
    devnet?.addressBook,
  )
  const dataDir = await ask(
    '--data-dir',
    'Folder for database, blobs and traces',
    given.dataDir,
    `${role}-data`,
  )
  let key = given.key
  if (key === undefined && interactive) {
    const answer = await select({
      message: 'The hot key',
      output: process.stderr,
      options: [
        { value: 'new' as const, label: 'make a new one, in a keystore' },
        { value: 'import' as const, label: 'import a private key' },
        { value: 'existing' as const, label: 'use a keystore that is there' },
      ],
    })
    if (isCancel(answer))
      throw new LynodeError('LY-CLI-003', { details: 'it was cancelled' })
    key = answer
  }
  const cost =
    role === 'verifier'
      ? '0'
      : await ask(
          '--month-cost',
          'What a month of this machine costs you, in LYN',
          given.monthCost,
          '300',
        )
  const monthCost = Number(cost.replace(/ ?LYN$/, '') || Number.NaN)
  if (!Number.isFinite(monthCost) || monthCost < 0)
    throw new LynodeError('LY-CLI-001', {
      details: `"${cost}" is no amount of LYN such as 300`,
    })
  return { rpc, addressBook, dataDir, monthCost, key: key ?? 'new' }
}

function devnetHere(): { rpc: string; addressBook: string } | undefined {
  try {
    const { rpcUrl, addressBookPath } = findNetwork()
    return { rpc: rpcUrl, addressBook: addressBookPath }
  } catch {
    // No devnet in this folder: there is nothing to propose.
    return undefined
  }
}
