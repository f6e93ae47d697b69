import { Runner } from '@lynode/runtime'
import { type ContractAddress, contractAt } from './execution/contract.js'
import { judgeCase } from './standard/judgeCase.js'
import type { StandardCase } from './standard/listCases.js'

// Judges the cases that its parent sends, one at a time.

const address = process.argv[2]
const contract =
  address === undefined
    ? undefined
    : contractAt(JSON.parse(address) as ContractAddress)
// The runtime dies on four cases: only its own process goes with it.
const runner = new Runner({ sessions: 1, deadlineMs: 120_000 })

process.on('message', (standard: StandardCase) => {
  judgeCase(standard, runner, contract).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => {
  runner.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
