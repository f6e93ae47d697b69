import type { Composite } from './composite.js'
import { gru } from './gru.js'
import { lstm } from './lstm.js'
import { rnn } from './rnn.js'

/** Operators that become others before a model is judged. */
export const composites: ReadonlyMap<string, Composite> = new Map([
  ['LSTM', lstm],
  ['GRU', gru],
  ['RNN', rnn],
])
