import type { Kernel, KernelOf, Step } from '../kernel.js'
import { binary } from './binary.js'
import { convolution } from './convolution.js'
import { functions } from './functions.js'
import { layerNormalization } from './layerNormalization.js'
import { movement } from './movement.js'
import { clip, hardSigmoid } from './piecewise.js'
import { averagePool, globalAveragePool, maxPool } from './pools.js'
import { product } from './product.js'
import { gather, gatherND, logic, where } from './selection.js'
import { softmax } from './softmax.js'

/** By opcode (docs/protocol.md section 8): what the demo models are made of. */
const kernels: ReadonlyMap<number, KernelOf> = new Map([
  ...[1, 2, 3, 4, 5, 6, 8, 9, 15].map((opcode): [number, KernelOf] => [
    opcode,
    movement,
  ]),
  [11, where],
  [12, logic],
  [16, logic],
  [20, binary],
  [22, binary],
  [23, binary],
  [35, functions],
  [37, functions],
  [39, clip],
  [43, hardSigmoid],
  [46, clip],
  [52, logic],
  [60, product],
  [61, product],
  [62, convolution],
  [63, convolution],
  [80, globalAveragePool],
  [82, averagePool],
  [83, maxPool],
  [90, softmax],
  [92, layerNormalization],
  [256, gather],
  [258, gatherND],
])

/** The kernel of a node. @throws Error when the attack does not know its operator. */
export function kernelOf(step: Step): Kernel {
  const make = kernels.get(step.node.opcode)
  if (make === undefined)
    throw new Error(`the attack does not know ${step.node.operator}`)
  return make(step)
}
