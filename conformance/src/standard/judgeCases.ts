import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Configuration } from '../execution/configurations.js'
import type { ContractAddress } from '../execution/contract.js'
import type { CaseResult } from './caseResult.js'
import type { StandardCase } from './listCases.js'

const worker = fileURLToPath(
  new URL('../conformanceWorker.js', import.meta.url),
)

/** Judges cases in several processes at once; results in the order of the cases. */
export async function judgeCases(
  cases: readonly StandardCase[],
  options: {
    processes: number
    contract?: ContractAddress | undefined
    /** Further configurations that every case runs in. */
    configurations: readonly Configuration[]
    onResult?: ((result: CaseResult, done: number) => void) | undefined
  },
): Promise<CaseResult[]> {
  const results = new Map<string, CaseResult>()
  let next = 0
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const { contract, configurations } = options
      const child = fork(worker, [JSON.stringify({ contract, configurations })])
      const give = () => {
        const standard = cases[next++]
        if (standard === undefined) child.disconnect()
        else child.send(standard)
      }
      child.on('message', (result: CaseResult) => {
        results.set(result.case, result)
        options.onResult?.(result, results.size)
        give()
      })
      child.once('error', reject)
      child.once('exit', (code, signal) =>
        code === 0
          ? resolve()
          : reject(new Error(`a worker ended with ${signal ?? code}`)),
      )
      give()
    })
  await Promise.all(Array.from({ length: options.processes }, work))
  return cases.flatMap(({ name }) => results.get(name) ?? [])
}
