import { parentPort, workerData } from 'node:worker_threads'
import { Runner } from '@lynode/runtime'
import { attackModel } from './attack/attackModel.js'
import { victims } from './attack/victims.js'
import { need } from './need.js'

// Attacks one model: `AttackTask` in, `AttackReport` out.

/** A model of `victims` and how many inputs to attack. */
export type AttackTask = { name: string; inputs: number }

/** What became of it. */
export type AttackReport = ReturnType<typeof attackModel> & {
  /** Share of unseen inputs that a model trained here answers rightly. */
  accuracy?: number | undefined
}

const { name, inputs } = workerData as AttackTask
const runner = new Runner({ sessions: 1 })
try {
  const victim = await need(victims[name], name)(runner, inputs)
  const report: AttackReport = {
    ...attackModel(victim),
    accuracy: victim.accuracy,
  }
  parentPort?.postMessage(report)
} finally {
  await runner.close()
}
