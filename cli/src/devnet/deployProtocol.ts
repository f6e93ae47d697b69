import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { foundryBinary } from '@lynode/runtime/foundry'
import { type AddressBook, parseAddressBook } from '@lynode/sdk'
import type { Hex } from 'viem'
import { runProgram } from './runProgram.js'
import { workspaceRoot } from './workspaceRoot.js'

const deployScript = 'script/deploy/Deploy.s.sol'

/**
 * Builds the contracts and their deploy script. Forge's cache makes this a
 * matter of moments when nothing has changed.
 */
export async function buildProtocol(
  report: (line: string) => void,
): Promise<void> {
  await runProgram(foundryBinary('forge'), ['build', deployScript], {
    onLine: report,
  })
}

/** A deployment, and the text of its address book. */
export type Deployment = { addressBook: AddressBook; json: string }

/**
 * Deploys the whole protocol with the local profile by the same script that
 * deploys it elsewhere; the script checks what it deployed.
 *
 * @param deployer - Pays and receives what of the supply is no contract's; it owns nothing afterwards.
 */
export async function deployProtocol(
  rpcUrl: string,
  deployer: Hex,
): Promise<Deployment> {
  // The only folder that the script may write to.
  const folder = join(workspaceRoot, '.lynode')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `addresses-${process.pid}-${counter++}.json`)
  try {
    await runProgram(
      foundryBinary('forge'),
      [
        'script',
        deployScript,
        ...['--rpc-url', rpcUrl],
        ...['--private-key', deployer],
        '--broadcast',
        '--non-interactive',
        // One after the other: of several at once anvil sometimes leaves one unmined.
        '--slow',
      ],
      { env: { LYNODE_CHAIN: 'local', LYNODE_ADDRESS_BOOK: path } },
    )
    const json = readFileSync(path, 'utf8')
    return { addressBook: parseAddressBook(json), json }
  } finally {
    rmSync(path, { force: true })
  }
}

let counter = 0
