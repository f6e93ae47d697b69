import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keccak256 } from 'viem'

/** How a contract that is on a chain was compiled. */
export type CompiledContract = {
  /** `path:name`, as explorers ask for it. */
  contract: string
  compiler: string
  /** ABI-encoded, behind the creation code. */
  constructorArguments: string
  /** The compiler's standard JSON input. */
  input: {
    language: 'Solidity'
    sources: Record<string, { content: string }>
    settings: Record<string, unknown>
  }
}

/** Addresses of libraries, by path and name. */
export type Libraries = Record<string, Record<string, string>>

type Artifact = {
  bytecode: {
    object: string
    /** Where in the code, in bytes, the address of a library belongs. */
    linkReferences: Record<
      string,
      Record<string, { start: number; length: number }[]>
    >
  }
  metadata: {
    compiler: { version: string }
    settings: Record<string, unknown> & {
      compilationTarget: Record<string, string>
    }
    sources: Record<string, { keccak256: string }>
  }
}

/**
 * Finds the artifact whose creation code a transaction sent, and the standard JSON
 * input that gives it again: the settings that the compiler wrote into its
 * metadata, and the sources that these name. Nothing is asked of a network.
 *
 * @param root - The project's folder, with `out/`.
 * @param names - What the contract may be called.
 * @param creation - Creation code and constructor arguments.
 * @param libraries - What it may be linked with.
 * @throws Error when no artifact has this code, or a source has changed since.
 */
export function standardInputOf(
  root: string,
  names: readonly string[],
  creation: string,
  libraries: Libraries,
): CompiledContract {
  for (const { bytecode, metadata } of artifactsOf(root, names)) {
    const { code, linked } = link(bytecode, libraries)
    if (code.length <= 2 || !creation.startsWith(code)) continue
    const { compilationTarget, ...settings } = metadata.settings
    const [[path, name] = ['', '']] = Object.entries(compilationTarget)
    return {
      contract: `${path}:${name}`,
      compiler: metadata.compiler.version,
      constructorArguments: `0x${creation.slice(code.length)}`,
      input: {
        language: 'Solidity',
        sources: Object.fromEntries(
          Object.entries(metadata.sources).map(
            ([source, { keccak256: hash }]) => [
              source,
              { content: sourceOf(root, source, hash) },
            ],
          ),
        ),
        settings: {
          ...settings,
          libraries: linked,
          outputSelection: {
            '*': {
              '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode', 'metadata'],
            },
          },
        },
      },
    }
  }
  throw new Error(
    `no artifact of ${names.join(', ')} has the code that was sent`,
  )
}

/** The code with the addresses of its libraries, and which these are. */
function link(
  { object, linkReferences }: Artifact['bytecode'],
  libraries: Libraries,
): { code: string; linked: Libraries } {
  let code = object
  const linked: Libraries = {}
  for (const [path, names] of Object.entries(linkReferences))
    for (const [name, places] of Object.entries(names)) {
      const address = libraries[path]?.[name]
      if (address === undefined) continue // it will not be found
      linked[path] = { ...linked[path], [name]: address }
      for (const { start, length } of places) {
        const at = 2 + 2 * start
        const digits = address.slice(2).toLowerCase()
        code = code.slice(0, at) + digits + code.slice(at + 2 * length)
      }
    }
  return { code, linked }
}

/** Artifacts of contracts with one of these names. */
function* artifactsOf(
  root: string,
  names: readonly string[],
): Generator<Artifact> {
  const out = join(root, 'out')
  const folders = readdirSync(out)
  for (const name of names)
    for (const folder of folders) {
      const file = join(out, folder, `${name}.json`)
      if (existsSync(file)) yield JSON.parse(readFileSync(file, 'utf8'))
    }
}

function sourceOf(root: string, path: string, hash: string): string {
  const bytes = readFileSync(join(root, path))
  if (keccak256(bytes) !== hash)
    throw new Error(`${path} has changed since the contracts were compiled`)
  return bytes.toString('utf8')
}
