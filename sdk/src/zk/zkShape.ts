import { bytesToHex, encodeAbiParameters, type Hex, keccak256 } from 'viem'
import { zkModelsAbi } from '../abis/zkModelsAbi.js'
import { LynodeError } from '../errors/lynodeError.js'
import { tensorHeader } from '../tensor/tensorRoot.js'
import type { TensorType } from '../types/tensorType.js'

/** Tensors of a step and the scales of their field elements (`IZkModels.Shape`). */
export type ZkShape = {
  /** Headers, docs/protocol.md section 2. */
  inputs: Hex[]
  inputScales: number[]
  outputs: Hex[]
  outputScales: number[]
}

/**
 * Largest scale that a circuit may have.
 *
 * @example
 * maxScale // 30
 */
export const maxScale = 30

const float32 = 1

/**
 * The shape that a model's circuit is bound to.
 *
 * @throws LynodeError `LY-ZK-011` for tensors that are not float32 in the order
 * of their axes, or scales that do not fit.
 * @example
 * zkShapeOf({ inputs: [value.type], inputScales: [7], outputs: [value.type], outputScales: [7] })
 */
export function zkShapeOf(parameters: {
  inputs: readonly TensorType[]
  inputScales: readonly number[]
  outputs: readonly TensorType[]
  outputScales: readonly number[]
}): ZkShape {
  const { inputs, outputs, inputScales, outputScales } = parameters
  const scales = [...inputScales, ...outputScales]
  if (
    inputs.length !== inputScales.length ||
    outputs.length !== outputScales.length ||
    scales.some(
      (scale) => !Number.isInteger(scale) || scale < 0 || scale > maxScale,
    )
  )
    throw new LynodeError('LY-ZK-011', {
      details: `scales ${inputScales} and ${outputScales} for ${inputs.length} inputs and ${outputs.length} outputs`,
    })
  for (const { dtype, perm } of [...inputs, ...outputs])
    if (dtype !== float32 || perm.some((axis, at) => axis !== at))
      throw new LynodeError('LY-ZK-011', {
        details:
          'inputs and outputs must be float32 in the order of their axes',
      })
  return {
    inputs: inputs.map((type) => bytesToHex(tensorHeader(type))),
    inputScales: [...inputScales],
    outputs: outputs.map((type) => bytesToHex(tensorHeader(type))),
    outputScales: [...outputScales],
  }
}

/**
 * `keccak256(abi.encode(shape))`, as the binding names it.
 *
 * @example
 * zkShapeHash(zkShapeOf({ inputs: [value.type], inputScales: [7], outputs: [value.type], outputScales: [7] }))
 */
export function zkShapeHash(shape: ZkShape): Hex {
  const bind = zkModelsAbi.find(
    (item) => item.type === 'function' && item.name === 'bind',
  )
  const parameter = bind?.inputs.find(({ name }) => name === 'shape')
  if (parameter === undefined) throw new Error('the ABI has no shape')
  return keccak256(encodeAbiParameters([parameter], [shape]))
}
