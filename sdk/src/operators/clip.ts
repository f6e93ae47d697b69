import { dtypes } from '../types/tensorType.js'
import { activationChecker, opcodes } from './activations.js'
import {
  arithmeticTypes,
  constantOf,
  elementwiseForm,
  floatOf,
  floatWord,
  inputOf,
  wordOf,
} from './form.js'
import { type Operator, OperatorError, type OperatorNode } from './operator.js'

/** ONNX Clip with constant limits: exact. */
export const clip: Operator = {
  names: ['Clip'],
  checker: activationChecker(opcodes.clip),
  form(node) {
    const { dtype } = inputOf(node, 0, arithmeticTypes)
    const { min, max } = limitsOf(node)
    if (Number.isNaN(min) || Number.isNaN(max))
      throw new OperatorError('Clip: a limit is NaN')
    // C4: standards differ on min > max.
    if (min !== undefined && max !== undefined && min > max)
      throw new OperatorError(`Clip: min ${min} is above max ${max}`)
    const word = (value: number) =>
      dtype === dtypes.float32 ? floatWord(value) : wordOf(node, value)
    return elementwiseForm(node, opcodes.clip, 1, arithmeticTypes, [
      min === undefined ? 0 : 1,
      min === undefined ? 0 : word(min),
      max === undefined ? 0 : 1,
      max === undefined ? 0 : word(max),
    ])
  },
}

type Limits = { min: number | undefined; max: number | undefined }

/** Limits are attributes up to opset 10, inputs from 11 on. */
function limitsOf(node: OperatorNode): Limits {
  if (node.opset < 11) {
    const min = floatOf(node, 'min', -Infinity)
    const max = floatOf(node, 'max', Infinity)
    return {
      min: min === -Infinity ? undefined : min,
      max: max === Infinity ? undefined : max,
    }
  }
  const min = constantOf(node, 1)?.[0]
  const max = constantOf(node, 2)?.[0]
  // Int64's own limits, which no attribute word holds, do not clip.
  return {
    min: min === -(2 ** 63) ? undefined : min,
    max: max === 2 ** 63 ? undefined : max,
  }
}
