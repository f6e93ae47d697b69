import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LynodeError } from '@lynode/sdk'
import { buildStep, Devnet, enrolProvider } from 'lynode/devnet'
import { parseEther } from 'viem'
import { printTable } from './printTable.js'
import type { Target } from './target.js'
import { type CircuitMeasurement, measureCircuit } from './zk/measureCircuit.js'
import { type DeliveryGas, measureDelivery } from './zk/measureDelivery.js'
import { type ZkModelName, zkModels } from './zk/zkModels.js'

const names = Object.keys(zkModels) as ZkModelName[]
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    /** The circuits alone: no deployment, no gas. */
    'no-chain': { type: 'boolean' },
    models: { type: 'string', default: names.join(',') },
    /** Most that one key or one proof may take; a model beyond it is reported so. */
    minutes: { type: 'string', default: '10' },
  },
})
const chosen = names.filter((name) => values.models.split(',').includes(name))
if (chosen.length !== values.models.split(',').length)
  throw new Error(`--models takes names out of ${names.join(', ')}`)

/** Gas that a delivery may cost beyond its verification. */
const mostOverhead = 90_000

/** For the network of 15,910 parameters; as zk-OPML published them. */
const peers = { zkOpmlDisputeSeconds: 361, ezklProveSeconds: 9.3 }

const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-zk-'))
// Its own provider asks for more than anybody pays.
const devnet = values['no-chain']
  ? undefined
  : new Devnet({ folder, minPrice: '1000000' })
type Measured = {
  name: ZkModelName
  gas: DeliveryGas | undefined
} & CircuitMeasurement
const models: Measured[] = []
const failures: { name: ZkModelName; reason: string }[] = []
try {
  if (devnet !== undefined) {
    for (const step of [buildStep(), ...devnet.steps()])
      await step.run(() => undefined)
    await enrolProvider(devnet.client('second-owner'), {
      hot: devnet.client('second'),
      endpoint: '',
      stake: parseEther('50000'),
    })
  }
  for (const name of chosen) {
    console.error(`measure ${name}`)
    try {
      const measured = await measureCircuit(
        zkModels[name](),
        join(folder, 'circuits', name),
        { deadlineMs: Number(values.minutes) * 60_000 },
      )
      const gas = devnet && (await measureDelivery(devnet, measured))
      models.push({ name, gas, ...measured.measurement })
      console.error(JSON.stringify(models.at(-1)))
    } catch (error) {
      // A machine that cannot prove it says so of this model alone.
      if (!(error instanceof LynodeError) || error.code !== 'LY-ZK-013')
        throw error
      failures.push({ name, reason: error.message })
      console.error(error.message)
    }
  }
} finally {
  await devnet?.stop()
  rmSync(folder, { recursive: true, force: true })
}
const targets: Target[] = models.flatMap(({ name, gas }) => {
  if (gas === undefined) return []
  const value = gas.delivery - gas.verifier
  return {
    name: `${name}: gas of deliverProved beyond the verifier's`,
    value,
    target: mostOverhead,
    met: value <= mostOverhead,
  }
})

if (values.json)
  console.log(JSON.stringify({ models, failures, targets, peers }, null, 2))
else {
  const seconds = (value: number) => value.toFixed(1)
  printTable([
    [
      'model',
      'parameters',
      '2^k',
      'setup Node/native s',
      'prove Node/native s',
      'MiB Node/native',
      'verify s',
      'proof bytes',
      'gas verifier/delivery',
    ],
    ...models.map(({ node, native, gas, ...model }) => [
      model.name,
      String(model.parameters),
      String(model.logRows),
      `${seconds(node.setupSeconds)} / ${seconds(native.setupSeconds)}`,
      `${seconds(node.proveSeconds)} / ${seconds(native.proveSeconds)}`,
      `${node.peakMiB} / ${native.peakMiB}`,
      seconds(model.verifySeconds),
      String(model.proofBytes),
      gas ? `${gas.verifier} / ${gas.delivery}` : '',
    ]),
  ])
  console.log(
    `\nThe network of 15,910 parameters elsewhere: zk-OPML ${peers.zkOpmlDisputeSeconds} s of dispute, ezkl ${peers.ezklProveSeconds} s to prove.`,
  )
  for (const { name, reason } of failures)
    console.log(`${name}: not measured: ${reason}`)
  for (const { name, value, met } of targets)
    console.log(`${name}: ${value} ${met ? 'met' : 'NOT met'}`)
}
