import { createRequire } from 'node:module'
import { LynodeError } from '@lynode/sdk'
import { type Hex, keccak256 } from 'viem'

/** A verifier contract, ready to deploy. */
export type CompiledVerifier = {
  bytecode: Hex
  /** keccak256 of the code that it has once deployed. */
  codeHash: Hex
}

type Artifact = {
  evm: { [part in 'bytecode' | 'deployedBytecode']: { object: string } }
}

/**
 * Compiles the Solidity that ezkl wrote. Compiler and settings are pinned, so
 * that everybody gets the same code hash from the same key.
 *
 * @throws LynodeError `LY-ZK-013` when it does not compile.
 */
export function compileVerifier(source: string): CompiledVerifier {
  const solc = createRequire(import.meta.url)('solc') as {
    compile(input: string): string
  }
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'verifier.sol': { content: source } },
        settings: {
          evmVersion: 'prague',
          optimizer: { enabled: true, runs: 200 },
          metadata: { bytecodeHash: 'none', appendCBOR: false },
          outputSelection: {
            '*': {
              '*': ['evm.bytecode.object', 'evm.deployedBytecode.object'],
            },
          },
        },
      }),
    ),
  ) as {
    errors?: { severity: string; message: string }[]
    contracts?: { 'verifier.sol'?: { Halo2Verifier?: Artifact } }
  }
  const artifact = output.contracts?.['verifier.sol']?.Halo2Verifier
  if (artifact === undefined)
    throw new LynodeError('LY-ZK-013', {
      details:
        output.errors?.find(({ severity }) => severity === 'error')?.message ??
        'no Halo2Verifier in the source',
    })
  return {
    bytecode: `0x${artifact.evm.bytecode.object}`,
    codeHash: keccak256(`0x${artifact.evm.deployedBytecode.object}`),
  }
}
