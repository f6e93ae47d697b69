import { Runner } from '@lynode/runtime'
import { type Configuration, openRunner } from './execution/configurations.js'
import { type ContractAddress, contractAt } from './execution/contract.js'
import { type CaseRunners, judgeCase } from './standard/judgeCase.js'
import type { StandardCase } from './standard/listCases.js'

// Judges the cases that its parent sends, one at a time.

const settings = JSON.parse(process.argv[2] ?? '{}') as {
  contract?: ContractAddress
  configurations: Configuration[]
}
const contract =
  settings.contract === undefined ? undefined : contractAt(settings.contract)
const runners: CaseRunners = {
  plain: new Runner({ sessions: 1, deadlineMs: 120_000 }),
  others: settings.configurations.map((configuration) => ({
    configuration,
    runner: openRunner(configuration),
  })),
}

process.on('message', (standard: StandardCase) => {
  judgeCase(standard, runners, contract).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => {
  Promise.all(
    [runners.plain, ...runners.others.map(({ runner }) => runner)].map(
      (runner) => runner.close(),
    ),
  ).then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
