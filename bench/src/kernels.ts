import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { Runner } from '@lynode/runtime'
import { arithmetics, roundingsOf } from '@lynode/sdk'
import { convKernel } from './kernels/convKernels.js'
import { matrixKernels } from './kernels/matrixKernels.js'
import {
  type KernelMeasurement,
  measureKernel,
} from './kernels/measureKernel.js'
import { reductionKernels } from './kernels/reductionKernels.js'
import type { SumKernel } from './kernels/sumKernel.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

// How many roundings a term of a sum goes through in the runtime's kernels, of all
// operators that add: what decides for which of them a profile of blocked
// accumulation could hold (docs/operators.md, "Blocked accumulation").

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Only kernels whose name contains this. */
    only: { type: 'string', default: '' },
    threads: { type: 'string', default: '1' },
  },
})

const lengths = [512, 1_536, 4_096, 11_008]
const kernels: SumKernel[] = [
  ...lengths.flatMap((terms) => [
    ...matrixKernels(terms),
    ...reductionKernels(terms),
  ]),
  ...[16, 8, 4, 2].map((side) => convKernel(1_536, 1, side)),
  ...[16, 8, 4].map((side) => convKernel(512, 3, side)),
  ...[16, 8].map((side) => convKernel(64, 7, side)),
]

const runner = new Runner({ threads: Number(values.threads) })
const measured: KernelMeasurement[] = []
try {
  for (const kernel of kernels) {
    if (!kernel.name.includes(values.only)) continue
    console.error(`measure ${kernel.name}, ${kernel.terms} terms`)
    const allowed = roundingsOf(kernel.terms, arithmetics.blocked)
    for (const mode of ['plain', 'native'] as const)
      measured.push(await measureKernel(runner, kernel, mode, allowed))
  }
} finally {
  await runner.close()
}

// The profile holds for products by a matrix of weights, and for nothing else.
const byWeight = new Set(
  kernels.filter((one) => one.byWeight).map(({ name }) => name),
)
const targets: Target[] = measured
  .filter(({ kernel }) => byWeight.has(kernel))
  .map(({ kernel, mode, terms, roundings = Number.NaN, allowed }) => ({
    name: `${kernel}, ${terms} terms, ${mode}: roundings a term`,
    value: roundings,
    target: allowed,
    met: roundings <= allowed,
  }))
const names = [...new Set(measured.map(({ kernel }) => kernel))]
const cpu = cpus()[0]?.model.trim() ?? 'unknown CPU'
if (values.json)
  console.log(JSON.stringify({ cpu, measured, targets }, null, 1))
else {
  console.log(`${cpu}: roundings a term, plain / native; * more than allowed`)
  for (const isConv of [false, true]) {
    const rows = names.filter((name) => name.startsWith('Conv') === isConv)
    if (rows.length > 0) printTable(tableOf(rows))
  }
}
process.exitCode =
  measured.every(({ fault }) => fault === undefined) &&
  targets.every(({ met }) => met)
    ? 0
    : 1

/** A row a kernel, a column a length. */
function tableOf(rows: readonly string[]): string[][] {
  const of = measured.filter(({ kernel }) => rows.includes(kernel))
  const terms = [...new Set(of.map((one) => one.terms))].sort((a, b) => a - b)
  const cell = (kernel: string, length: number): string =>
    of
      .filter((one) => one.kernel === kernel && one.terms === length)
      .map(({ roundings, allowed, fault }) =>
        roundings === undefined
          ? (fault ?? '')
          : `${roundings}${roundings > allowed ? '*' : ''}`,
      )
      .join(' / ')
  return [
    ['kernel', ...terms.map((length) => `n = ${length}`)],
    [
      'allowed by f32-blocked',
      ...terms.map((length) => `${roundingsOf(length, arithmetics.blocked)}`),
    ],
    ...rows.map((kernel) => [
      kernel,
      ...terms.map((length) => cell(kernel, length)),
    ]),
  ]
}
