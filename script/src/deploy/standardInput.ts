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

type Artifact = {
  bytecode: { object: string }
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
 * @throws Error when no artifact has this code, or a source has changed since.
 */
export function standardInputOf(
  root: string,
  names: readonly string[],
  creation: string,
): CompiledContract {
  for (const { bytecode, metadata } of artifactsOf(root, names)) {
    if (bytecode.object.length <= 2 || !creation.startsWith(bytecode.object))
      continue
    const { compilationTarget, ...settings } = metadata.settings
    const [[path, name] = ['', '']] = Object.entries(compilationTarget)
    return {
      contract: `${path}:${name}`,
      compiler: metadata.compiler.version,
      constructorArguments: `0x${creation.slice(bytecode.object.length)}`,
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
