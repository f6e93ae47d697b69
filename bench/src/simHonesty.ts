import { parseArgs } from 'node:util'
import {
  assumptions,
  type ProfileName,
  parametersOf,
} from './economy/economy.js'
import { judgeEconomy } from './economy/judgeEconomy.js'
import { playJobs } from './economy/playJobs.js'
import { printTable } from './printTable.js'

// Plays jobs against lazy and bribing providers, copying and sleeping verifiers,
// on the parameters that a deployment starts from. Fails if any of them comes
// out ahead of the honest.

const profiles = ['main', 'testnet', 'local'] satisfies ProfileName[]
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string', default: 'main' },
  },
})
const profile = profiles.find((name) => name === values.profile)
const [jobs, seed] = [Number(values.jobs), Number(values.seed)]
if (
  profile === undefined ||
  !Number.isSafeInteger(jobs) ||
  jobs < 1 ||
  !Number.isSafeInteger(seed)
) {
  console.error(
    `--profile is one of ${profiles.join(', ')}; --jobs and --seed are whole numbers`,
  )
  process.exit(2)
}
const parameters = parametersOf(profile)
const played = playJobs(parameters, assumptions, jobs, seed)
const targets = judgeEconomy(played, parameters)
const { rate, seats, pay, minVerificationFee, absentSlash } = parameters
const leastPay = (pay * minVerificationFee) / (rate * seats)
/** What the least fee carries: above the first an audit is a loss, above the second staying away is a smaller one. */
const leastFee = {
  paysASeat: leastPay,
  sleepingIsBetterAbove: leastPay + absentSlash,
}

if (values.json)
  console.log(
    JSON.stringify(
      { profile, seed, parameters, assumptions, ...played, leastFee, targets },
      null,
      2,
    ),
  )
else {
  console.log(`profile ${profile}, seed ${seed}, ${jobs} jobs, in LYN\n`)
  printTable([
    ['', 'times', 'caught', 'profit', 'a job', ''],
    ...Object.entries({
      provider: played.providers,
      verifier: played.verifiers,
    }).flatMap(([role, kinds]) =>
      Object.entries(kinds).map(([kind, one]) => [
        `${kind} ${role}`,
        String(one.times),
        String(one.caught),
        one.profit.toFixed(0),
        one.perJob.toFixed(3),
        '',
      ]),
    ),
  ])
  console.log()
  printTable([
    ['', 'value', 'limit', ''],
    ...targets.map(({ name, value, target, met }) => [
      name,
      value.toFixed(3),
      target.toFixed(3),
      met ? 'met' : 'NOT met',
    ]),
  ])
  console.log(
    `\nThe least verification fee pays ${leastFee.paysASeat.toFixed(2)} LYN a seat.`,
  )
}
process.exitCode = targets.every(({ met }) => met) ? 0 : 1
