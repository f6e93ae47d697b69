import { castLike } from './castLike.js'
import { clipByData } from './clip.js'
import type { Composite } from './composite.js'
import { concatWithEmpty } from './concat.js'
import { dynamicQuantizeLinear } from './dynamicQuantizeLinear.js'
import { einsum } from './einsum.js'
import {
  celu,
  mish,
  selu,
  shrink,
  softsign,
  swish,
  thresholdedRelu,
} from './elementwise.js'
import { globalMaxPool } from './globalMaxPool.js'
import { gru } from './gru.js'
import { lstm } from './lstm.js'
import {
  groupNormalization,
  instanceNormalization,
  layerNormalizationWithStatistics,
  meanVarianceNormalization,
  rmsNormalization,
} from './normalizations.js'
import {
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceProd,
  reduceSumSquare,
} from './reductions.js'
import { rnn } from './rnn.js'
import { flatSoftmax, logSoftmax } from './softmaxes.js'
import { trilu } from './trilu.js'

/** Operators that become others before a model is judged. */
export const composites: ReadonlyMap<string, Composite> = new Map([
  ['LSTM', lstm],
  ['GRU', gru],
  ['RNN', rnn],
  ['ReduceL1', reduceL1],
  ['ReduceL2', reduceL2],
  ['ReduceSumSquare', reduceSumSquare],
  ['ReduceLogSum', reduceLogSum],
  ['ReduceLogSumExp', reduceLogSumExp],
  ['ReduceProd', reduceProd],
  ['GlobalMaxPool', globalMaxPool],
  ['Softmax', flatSoftmax],
  ['LogSoftmax', logSoftmax],
  ['InstanceNormalization', instanceNormalization],
  ['GroupNormalization', groupNormalization],
  ['MeanVarianceNormalization', meanVarianceNormalization],
  ['LayerNormalization', layerNormalizationWithStatistics],
  ['RMSNormalization', rmsNormalization],
  ['DynamicQuantizeLinear', dynamicQuantizeLinear],
  ['CastLike', castLike],
  ['Concat', concatWithEmpty],
  ['Einsum', einsum],
  ['Clip', clipByData],
  ['Trilu', trilu],
  ['Selu', selu],
  ['Celu', celu],
  ['Softsign', softsign],
  ['Mish', mish],
  ['Swish', swish],
  ['ThresholdedRelu', thresholdedRelu],
  ['Shrink', shrink],
])
