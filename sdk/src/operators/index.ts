import { abs } from './abs.js'
import { add } from './add.js'
import { and } from './and.js'
import { argMax } from './argMax.js'
import { argMin } from './argMin.js'
import { averagePool } from './averagePool.js'
import { cast } from './cast.js'
import { ceil } from './ceil.js'
import { clip } from './clip.js'
import { concat } from './concat.js'
import { conv } from './conv.js'
import { convInteger } from './convInteger.js'
import { convTranspose } from './convTranspose.js'
import { cumSum } from './cumSum.js'
import { depthToSpace } from './depthToSpace.js'
import { dequantizeLinear } from './dequantizeLinear.js'
import { div } from './div.js'
import { elu } from './elu.js'
import { equal } from './equal.js'
import { erf } from './erf.js'
import { exp } from './exp.js'
import { expand } from './expand.js'
import { floor } from './floor.js'
import { gather } from './gather.js'
import { gatherElements } from './gatherElements.js'
import { gatherND } from './gatherND.js'
import { gelu } from './gelu.js'
import { gemm } from './gemm.js'
import { globalAveragePool } from './globalAveragePool.js'
import { greater } from './greater.js'
import { greaterOrEqual } from './greaterOrEqual.js'
import { hardSigmoid } from './hardSigmoid.js'
import { hardSwish } from './hardSwish.js'
import { identity } from './identity.js'
import { isSpecial } from './isSpecial.js'
import { layerNormalization } from './layerNormalization.js'
import { leakyRelu } from './leakyRelu.js'
import { less } from './less.js'
import { lessOrEqual } from './lessOrEqual.js'
import { log } from './log.js'
import { matMul } from './matMul.js'
import { matMulInteger } from './matMulInteger.js'
import { max } from './max.js'
import { maxPool } from './maxPool.js'
import { mean } from './mean.js'
import { min } from './min.js'
import { mul } from './mul.js'
import { neg } from './neg.js'
import { not } from './not.js'
import type { Checker, Operator } from './operator.js'
import { or } from './or.js'
import { pad } from './pad.js'
import { pow } from './pow.js'
import { pRelu } from './pRelu.js'
import { qLinearConv } from './qLinearConv.js'
import { qLinearMatMul } from './qLinearMatMul.js'
import { quantizeLinear } from './quantizeLinear.js'
import { reciprocal } from './reciprocal.js'
import { reduceMax } from './reduceMax.js'
import { reduceMean } from './reduceMean.js'
import { reduceMin } from './reduceMin.js'
import { reduceSum } from './reduceSum.js'
import { relu } from './relu.js'
import { reshape } from './reshape.js'
import { resize } from './resize.js'
import { round } from './round.js'
import { scatterElements } from './scatterElements.js'
import { scatterND } from './scatterND.js'
import { sigmoid } from './sigmoid.js'
import { sign } from './sign.js'
import { slice } from './slice.js'
import { softmax } from './softmax.js'
import { softplus } from './softplus.js'
import { spaceToDepth } from './spaceToDepth.js'
import { split } from './split.js'
import { sqrt } from './sqrt.js'
import { sub } from './sub.js'
import { sum } from './sum.js'
import { tanh } from './tanh.js'
import { tile } from './tile.js'
import { topK } from './topK.js'
import { transpose } from './transpose.js'
import { where } from './where.js'
import { xor } from './xor.js'

/**
 * Every operator that has a checker.
 *
 * @example
 * operators.length
 */
export const operators: readonly Operator[] = [
  identity,
  reshape,
  transpose,
  concat,
  slice,
  gather,
  pad,
  expand,
  tile,
  split,
  add,
  sub,
  mul,
  div,
  neg,
  abs,
  min,
  max,
  sum,
  mean,
  reciprocal,
  softmax,
  where,
  cast,
  not,
  and,
  or,
  xor,
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  sqrt,
  pow,
  exp,
  log,
  erf,
  tanh,
  sigmoid,
  softplus,
  relu,
  leakyRelu,
  pRelu,
  elu,
  hardSigmoid,
  hardSwish,
  gelu,
  clip,
  floor,
  ceil,
  round,
  sign,
  matMul,
  gemm,
  conv,
  convTranspose,
  reduceSum,
  reduceMean,
  reduceMax,
  reduceMin,
  cumSum,
  globalAveragePool,
  averagePool,
  maxPool,
  layerNormalization,
  quantizeLinear,
  dequantizeLinear,
  matMulInteger,
  convInteger,
  qLinearMatMul,
  qLinearConv,
  depthToSpace,
  spaceToDepth,
  resize,
  isSpecial,
  argMax,
  argMin,
  topK,
  gatherElements,
  gatherND,
  scatterElements,
  scatterND,
]

const byName: ReadonlyMap<string, Operator> = new Map(
  operators.flatMap((operator) =>
    operator.names.map((name) => [name, operator] as const),
  ),
)
const byOpcode: ReadonlyMap<number, Checker> = new Map(
  operators
    .flatMap(({ checker, variants = [] }) => [checker, ...variants])
    .map((checker) => [checker.opcode, checker]),
)

/**
 * The operator that covers an ONNX operator name; `undefined` if none does.
 *
 * @example
 * operatorOf('Relu')
 */
export function operatorOf(onnxName: string): Operator | undefined {
  return byName.get(onnxName)
}

/**
 * The checker of an opcode; `undefined` if there is none.
 *
 * @example
 * checkerOf(node.opcode)
 */
export function checkerOf(opcode: number): Checker | undefined {
  return byOpcode.get(opcode)
}
