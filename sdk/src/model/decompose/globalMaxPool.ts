import { type Composite, firstResult, nameOf, typeOf } from './composite.js'

/** ONNX GlobalMaxPool. */
export const globalMaxPool: Composite = {
  rule: 'becomes ReduceMax',
  expand(composite, build) {
    const { dims } = typeOf(composite, 0)
    const spatial = dims.map((_, axis) => axis).slice(2)
    build.reduce('ReduceMax', nameOf(composite, 0) ?? '', spatial, {
      output: firstResult(composite.node),
    })
  },
}
