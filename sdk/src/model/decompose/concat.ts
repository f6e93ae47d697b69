import { OperatorError } from '../../operators/operator.js'
import { type Composite, firstResult } from './composite.js'

/**
 * ONNX Concat of operands some of which have no element, as exporters write
 * states that are empty at first: no tensor of the protocol is empty (B2).
 */
export const concatWithEmpty: Composite = {
  rule: 'loses its empty operands',
  applies: ({ types }) => types.some((type) => type?.dims.includes(0)),
  expand({ node, types }, build) {
    const left = node.inputs.filter((_, i) => !types[i]?.dims.includes(0))
    if (left.length === 0)
      throw new OperatorError('Concat: all of its operands are empty')
    const axis = node.attributes.get('axis')
    if (left.length === 1) build.add('Identity', left, {}, firstResult(node))
    else
      build.add(
        'Concat',
        left,
        axis?.type === 'int' ? { axis } : {},
        firstResult(node),
      )
  },
}
