import type { QuestionOf } from '../question.js'

/** A model that is attacked, with the inputs of its users. */
export type Victim = {
  name: string
  /** Canonical file. */
  file: Uint8Array
  /** Elements of each input, by its name. */
  inputs: readonly ReadonlyMap<string, Float32Array>[]
  questionOf: QuestionOf
}
