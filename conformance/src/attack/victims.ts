import type { Runner } from '@lynode/runtime'
import { digits } from './models/digits.js'
import { miniLm } from './models/miniLm.js'
import { reading } from './models/reading.js'
import type { Victim } from './models/victim.js'

/** The classifier that the suite trains, and the models of the demo. */
export const victims: Record<
  string,
  (runner: Runner, inputs: number) => Promise<Victim & { accuracy?: number }>
> = {
  digits,
  cls: (runner, inputs) => reading('cls', runner, inputs),
  rec: (runner, inputs) => reading('rec', runner, inputs),
  det: (runner, inputs) => reading('det', runner, inputs),
  MiniLM: miniLm,
}
