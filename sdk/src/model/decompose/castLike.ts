import { type Composite, firstResult, nameOf, typeOf } from './composite.js'

/** ONNX CastLike. */
export const castLike: Composite = {
  rule: 'becomes Cast',
  expand(composite, build) {
    const to = {
      type: 'int' as const,
      value: BigInt(typeOf(composite, 1).dtype),
    }
    const x = nameOf(composite, 0) ?? ''
    build.add('Cast', [x], { to }, firstResult(composite.node))
  },
}
