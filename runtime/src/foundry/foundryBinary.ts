import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The Foundry programs that the workspace installs from npm. */
export type FoundryProgram = 'anvil' | 'cast' | 'forge'

/**
 * Finds the native Foundry program of this platform.
 *
 * The npm shims of these packages exit with 0 whatever the program answers,
 * so every call goes to the native binary itself.
 *
 * @param program - Name of the program.
 * @returns The absolute path of its executable.
 * @throws When its npm package is not installed for this platform.
 * @example
 * spawn(foundryBinary('anvil'), ['--port', '0'])
 */
export function foundryBinary(program: FoundryProgram): string {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const platformPackage = `@foundry-rs/${program}-${process.platform}-${architecture}`
  try {
    // The platform package is an optional dependency of the shim's package,
    // and only that one is sure to see it.
    const shim = createRequire(import.meta.url).resolve(
      `@foundry-rs/${program}/package.json`,
    )
    const manifest = createRequire(shim).resolve(
      `${platformPackage}/package.json`,
    )
    return join(dirname(manifest), 'bin', `${program}${suffix}`)
  } catch (cause) {
    throw new Error(
      `${program} is not installed for this platform: ${platformPackage} is missing. Run \`npm ci\` without --omit=optional.`,
      { cause },
    )
  }
}
