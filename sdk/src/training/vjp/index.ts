import { abs } from './abs.js'
import { add } from './add.js'
import { averagePool } from './averagePool.js'
import { clip } from './clip.js'
import { concat } from './concat.js'
import { conv } from './conv.js'
import { div } from './div.js'
import { elu } from './elu.js'
import { erf } from './erf.js'
import { exp } from './exp.js'
import { extremum } from './extremum.js'
import { gather } from './gather.js'
import { gelu } from './gelu.js'
import { gemm } from './gemm.js'
import { hardSigmoid } from './hardSigmoid.js'
import { hardSwish } from './hardSwish.js'
import { identity } from './identity.js'
import { layerNormalization } from './layerNormalization.js'
import { leakyRelu } from './leakyRelu.js'
import { log } from './log.js'
import { matMul } from './matMul.js'
import { maxPool } from './maxPool.js'
import { mean } from './mean.js'
import { mul } from './mul.js'
import { neg } from './neg.js'
import { pad } from './pad.js'
import { pow } from './pow.js'
import { pRelu } from './pRelu.js'
import { reciprocal } from './reciprocal.js'
import { reduce } from './reduce.js'
import { relu } from './relu.js'
import { reshape } from './reshape.js'
import type { Rule } from './rule.js'
import { sigmoid } from './sigmoid.js'
import { slice } from './slice.js'
import { softmax } from './softmax.js'
import { softplus } from './softplus.js'
import { split } from './split.js'
import { sqrt } from './sqrt.js'
import { sub } from './sub.js'
import { sum } from './sum.js'
import { tanh } from './tanh.js'
import { tile } from './tile.js'
import { transpose } from './transpose.js'
import { where } from './where.js'

/** The vector-Jacobian product of each operator that has one. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    Abs: abs,
    Add: add,
    AveragePool: averagePool,
    Cast: identity,
    Clip: clip,
    Concat: concat,
    Conv: conv,
    Div: div,
    Elu: elu,
    Erf: erf,
    Exp: exp,
    Expand: identity,
    Flatten: reshape,
    Gather: gather,
    Gelu: gelu,
    Gemm: gemm,
    GlobalAveragePool: reduce,
    HardSigmoid: hardSigmoid,
    HardSwish: hardSwish,
    Identity: identity,
    LayerNormalization: layerNormalization,
    LeakyRelu: leakyRelu,
    Log: log,
    MatMul: matMul,
    Max: extremum,
    MaxPool: maxPool,
    Mean: mean,
    Min: extremum,
    Mul: mul,
    Neg: neg,
    PRelu: pRelu,
    Pad: pad,
    Pow: pow,
    Reciprocal: reciprocal,
    ReduceMean: reduce,
    ReduceSum: reduce,
    Relu: relu,
    Reshape: reshape,
    Sigmoid: sigmoid,
    Slice: slice,
    Softmax: softmax,
    Softplus: softplus,
    Split: split,
    Sqrt: sqrt,
    Squeeze: reshape,
    Sub: sub,
    Sum: sum,
    Tanh: tanh,
    Tile: tile,
    Transpose: transpose,
    Unsqueeze: reshape,
    Where: where,
  }),
)

/** Operators whose gradient is 0 wherever it exists. */
export const flat: ReadonlySet<string> = new Set([
  'Ceil',
  'Floor',
  'Round',
  'Sign',
])
