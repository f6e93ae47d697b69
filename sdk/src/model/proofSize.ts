import type { Checker, ElementQuery } from '../operators/operator.js'
import { byteLength, elementBytes, elementCount } from '../tensor/tensorType.js'
import { chunkBytes, chunkCount } from '../tree/blobRoot.js'
import type { TensorType } from '../types/tensorType.js'
import { modelLimits } from './limits.js'

/**
 * Why one element of a node cannot be proved wrong in one transaction (A9);
 * `undefined` when it can. Looks at elements in the corners and the middle.
 *
 * @param query The node; its output and element are not looked at.
 */
export function proofTooLarge(
  checker: Checker,
  query: Omit<ElementQuery, 'output' | 'element'>,
): string | undefined {
  // Movement and per-element operators read one element of each operand.
  if (query.opcode < 60 && query.inputs.length <= 16) return undefined
  if (termsAtLeast(query) > modelLimits.proofBytes)
    return tooLarge('more operands than fit')
  for (const [output, type] of query.outputs.entries()) {
    const count = elementCount(type.dims)
    const elements = [0, 1 / 3, 1 / 2, 2 / 3].map((part) =>
      Math.floor(count * part),
    )
    for (const element of new Set([...elements, count - 1])) {
      const bytes = proofBytes(checker, { ...query, output, element })
      if (bytes > modelLimits.proofBytes) return tooLarge(`${bytes} bytes`)
    }
  }
  return undefined
}

/** Bytes that a proof of one element opens: chunks and their siblings. */
function proofBytes(checker: Checker, query: ElementQuery): number {
  const chunks = new Map<number, Set<number>>()
  const ranges = checker.ranges(query)
  const elements = ranges.reduce((total, range) => total + range.count, 0)
  // No element takes less than a byte: too large before anything is listed.
  if (elements > modelLimits.proofBytes) return elements
  for (const { operand, first, count, stride } of ranges) {
    const type = query.inputs[operand]
    if (type === undefined) continue
    const width = elementBytes(type.dtype) ?? 8
    const known = chunks.get(operand) ?? new Set()
    chunks.set(operand, known)
    for (let i = 0; i < count; i++)
      known.add(Math.floor(((first + i * stride) * width) / chunkBytes))
  }
  const result = query.outputs[query.output]
  let bytes = result === undefined ? 0 : openedBytes(result, 1)
  for (const [operand, opened] of chunks) {
    const type = query.inputs[operand]
    if (type !== undefined) bytes += openedBytes(type, opened.size)
  }
  return bytes
}

/** Data and siblings of some chunks of a tensor, at most. */
function openedBytes(type: TensorType, chunks: number): number {
  const total = byteLength(type)
  const siblings = Math.ceil(Math.log2(Math.max(2, chunkCount(total) / chunks)))
  return Math.min(total, chunks * chunkBytes) + 32 * chunks * siblings
}

/**
 * A lower bound for the operand elements behind one element, from shapes alone:
 * a checker is not asked to list what no proof could hold.
 */
function termsAtLeast({
  opcode,
  inputs,
  outputs,
}: Pick<ElementQuery, 'opcode' | 'inputs' | 'outputs'>): number {
  const [x, w] = inputs
  const results = outputs[0] === undefined ? 1 : elementCount(outputs[0].dims)
  switch (opcode) {
    case 62: // Conv
    case 63:
      return w === undefined ? 0 : elementCount(w.dims.slice(1))
    case 60: // MatMul
    case 61:
      return Math.max(x?.dims.at(-1) ?? 0, 0)
    case 70: // reductions
    case 71:
    case 80:
      return x === undefined ? 0 : elementCount(x.dims) / results
    default:
      return 0
  }
}

function tooLarge(what: string): string {
  return `one element takes ${what}, and a proof holds ${modelLimits.proofBytes} bytes (A9)`
}
