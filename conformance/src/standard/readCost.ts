import {
  checkerOf,
  elementCount,
  type Judged,
  judgedManifest,
  type Manifest,
  none,
} from '@lynode/sdk'
import { need } from '../need.js'

/** Operand elements read for one case; larger models (`light`) are sampled. */
export const budget = 4_000_000

/** Operand elements that judging every element of every result reads. */
export function costOf(manifest: Manifest): number {
  return manifest.nodes.reduce(
    (total, node, index) =>
      total +
      node.outputs.reduce((sum, value, output) => {
        const type = need(manifest.values[value], 'an output').type
        return (
          sum +
          elementCount(type.dims) *
            readsOf(judgedManifest(manifest), index, output)
        )
      }, 0),
    0,
  )
}

/** Operand elements that one element of a result reads. */
function readsOf(manifest: Judged, node: number, output: number): number {
  const { opcode, attributes, inputs, outputs } = manifest.nodeOf(node)
  const typeOf = (index: number) => manifest.valueOf(index).type
  const ranges = need(checkerOf(opcode), `opcode ${opcode}`).ranges({
    opcode,
    attributes,
    inputs: inputs.map((i) => (i === none ? undefined : typeOf(i))),
    outputs: outputs.map(typeOf),
    output,
    element: 0,
  })
  return 1 + ranges.reduce((total, { count }) => total + count, 0)
}

/** Every how many elements of a result are judged, so that all of them read no more than `share`. */
export function sampleStep(
  manifest: Judged,
  node: number,
  output: number,
  count: number,
  share: number,
): number {
  const reads = readsOf(manifest, node, output)
  return Math.max(1, Math.ceil((count * reads) / share))
}
