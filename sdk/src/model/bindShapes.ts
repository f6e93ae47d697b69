import type { Graph } from '../onnx/graph.js'
import { checkSize, quote } from './checkSize.js'
import { dynamicShape, wrongShape } from './modelErrors.js'

/** Static shapes by input name, such as `{ x: [1, 3, 48, 320] }`. */
export type Shapes = Readonly<Record<string, readonly number[]>>

/**
 * Gives the inputs of a graph static shapes.
 *
 * @throws LynodeError LY-MDL-005 when a shape does not fit an input, LY-MDL-002
 * when an input stays dynamic.
 */
export function bindShapes(graph: Graph, shapes: Shapes = {}): Graph {
  const names = graph.inputs.map((input) => input.name)
  for (const name of Object.keys(shapes))
    if (!names.includes(name))
      throw wrongShape(
        `the model has no input ${quote(name)}; its inputs are ${names.map(quote).join(', ')}`,
      )
  const inputs = graph.inputs.map((input) => {
    const dims = Object.hasOwn(shapes, input.name)
      ? shapes[input.name]
      : undefined
    if (dims === undefined) return input
    if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 1))
      throw wrongShape(`[${dims.join(', ')}] for ${quote(input.name)}`)
    const declared = input.dims
    if (
      declared !== undefined &&
      (declared.length !== dims.length ||
        declared.some((dim, axis) => dim !== undefined && dim !== dims[axis]))
    )
      throw wrongShape(
        `[${dims.join(', ')}] does not fit ${quote(input.name)} of shape [${show(declared)}]`,
      )
    checkSize(input.name, input.dtype, dims)
    return { ...input, dims }
  })
  for (const { name, dims } of inputs)
    if (dims === undefined || dims.some((dim) => dim === undefined))
      throw dynamicShape(
        `input ${quote(name)} has the shape [${show(dims)}]`,
        `Name its sizes: \`--shape ${name}=${(dims ?? [undefined]).map((dim) => dim ?? 'N').join(',')}\` with a number for each N.`,
      )
  return { ...graph, inputs }
}

function show(dims: readonly (number | undefined)[] | undefined): string {
  return dims?.map((dim) => dim ?? '?').join(', ') ?? 'unknown'
}
