import { formatAmount } from '@lynode/sdk'
import { formatEther } from 'viem'
import type { DemoReport } from './runDemo.js'

/** What the demo prints for people. */
export function formatReport(report: DemoReport): string {
  const { text, jobs, slashes, fraud, balances, seconds } = report
  const number = (value: number) => value.toLocaleString('en-US')
  const lines = [
    '',
    `The model read: ${text}`,
    '',
    'Gas of each transaction',
    ...jobs.flatMap((job, index) => [
      `  job ${index + 1}: ${job.outcome}, provider ${job.provider}, ${job.seconds.toFixed(1)} s`,
      ...Object.entries(job.gas).map(
        ([step, gas]) => `    ${step.padEnd(14)}${number(gas).padStart(10)}`,
      ),
    ]),
    '',
    'The wrong element',
    `  operator    ${fraud.operator}, node ${fraud.nodeIndex} (${fraud.node})`,
    `  element     ${fraud.element} of output ${fraud.output}`,
    `  claimed     ${fraud.claimed}`,
    `  honest      ${fraud.low} .. ${fraud.high}`,
    `  proof       ${number(fraud.proofBytes)} bytes, ${number(fraud.proofGas)} gas, one transaction`,
    `  dispute     ${fraud.disputeSeconds} s from the demand to the conviction`,
    '',
    'Slashes',
    ...slashes.map(
      ({ provider, amount, paid, burnt }) =>
        `  provider ${provider}: ${formatAmount(amount)}, of which ${formatAmount(paid)} paid out and ${formatAmount(burnt)} burnt`,
    ),
    '',
    `Balances in LYN${' '.repeat(12)}before${' '.repeat(14)}after${' '.repeat(9)}difference`,
    ...Object.entries(balances.before).map(([name, before]) => {
      const after = balances.after[name] ?? before
      const total = (one: typeof before) => one.ledger + one.stake + one.wallet
      const cells = [
        total(before),
        total(after),
        total(after) - total(before),
      ].map((wei) => Number(formatEther(wei)).toFixed(4).padStart(18))
      return `  ${name.padEnd(18)}${cells.join('')}`
    }),
    '',
    `Done in ${seconds.toFixed(1)} s.`,
  ]
  return lines.join('\n')
}
