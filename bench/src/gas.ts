import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gasTargets } from './gas/gasTargets.js'
import { readSnapshots } from './gas/readSnapshots.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

const { values } = parseArgs({ options: { json: { type: 'boolean' } } })
const snapshots = readSnapshots(
  fileURLToPath(new URL('../../snapshots', import.meta.url)),
)

const targets = gasTargets.map(
  ({ name, of, weights, per = 1, target, unmet, peer }) => {
    const total = of.reduce((sum, [file, call], index) => {
      const gas = snapshots[file]?.[call]
      if (gas === undefined)
        throw new Error(
          `snapshots/${file}.json has no "${call}": run \`npm run test:sol\``,
        )
      return sum + gas * (weights?.[index] ?? 1)
    }, 0)
    const value = Math.round(total / per)
    return {
      name,
      value,
      target,
      met: value <= target,
      ...(value <= target ? {} : { unmet }),
      peer,
    } satisfies Target & {
      peer: unknown
      unmet?: string | undefined
    }
  },
)

if (values.json) console.log(JSON.stringify({ targets, snapshots }, null, 2))
else {
  const gas = (value: number) => value.toLocaleString('en-US')
  printTable([
    ['operation', 'gas', 'target', 'met', 'peer', ''],
    ...targets.map(({ name, value, target, met, peer }) => [
      name,
      gas(value),
      gas(target),
      met ? 'yes' : 'NO',
      peer ? gas(peer.gas) : '',
      peer?.what ?? '',
    ]),
  ])
  for (const { name, met, unmet } of targets)
    if (!met) console.log(`\nNot met: ${name}: ${unmet ?? 'not explained'}.`)
  console.log('\nAll snapshots')
  printTable(
    Object.entries(snapshots).flatMap(([file, calls]) =>
      Object.entries(calls).map(([name, value]) => [
        `${file}: ${name}`,
        gas(value),
        '',
      ]),
    ),
  )
}
