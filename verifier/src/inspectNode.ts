import type { Daemon, LoadedModel } from '@lynode/runtime'
import {
  committedOperands,
  judgedManifest,
  judgeElement,
  logicalIndex,
  type ManifestValue,
} from '@lynode/sdk'
import type { Evidence } from './evidence.js'
import { rankElements } from './rankElements.js'

/** A wrong element: which output of the node, and its logical index. */
export type WrongElement = { output: number; element: number }

export type InspectNodeOptions = {
  daemon: Daemon
  model: LoadedModel
  /** From `model.nodeModels()`. */
  modelOfNode: (node: number) => Uint8Array
  evidence: Evidence
  node: number
}

/**
 * Re-runs one node, and the derived values that it reads, on the provider's own
 * committed operands and judges the elements that
 * differ most from what it claims. Drift from earlier nodes never enters.
 *
 * @returns Wrong elements, lazily, the most suspicious first.
 */
export async function* inspectNode(
  options: InspectNodeOptions,
): AsyncGenerator<WrongElement> {
  const { daemon, model, modelOfNode, evidence, node } = options
  const { manifest } = model
  const entry = manifest.nodes[node]
  if (entry === undefined) throw new RangeError(`no node ${node}`)
  const valueAt = (index: number): ManifestValue => {
    const value = manifest.values[index]
    if (value === undefined) throw new RangeError(`no value ${index}`)
    return value
  }

  const bytes = new Map<number, Uint8Array>()
  // Behind derived operands (B5), what they follow from.
  const operands = committedOperands(manifest, node)
  for (const value of [...operands, ...entry.outputs])
    bytes.set(value, await evidence.bytes(value))
  const bytesOf = (value: number): Uint8Array => {
    const found = bytes.get(value)
    if (found === undefined) throw new RangeError(`value ${value} is not read`)
    return found
  }

  const { outputs } = await daemon.runner.runNode({
    model: { bytes: modelOfNode(node) },
    inputs: operands
      .filter((value) => valueAt(value).kind !== 'weight')
      .map((value) => ({
        name: valueAt(value).name,
        type: valueAt(value).type,
        source: { bytes: bytesOf(value) },
      })),
    outputs: entry.outputs.map((value) => ({
      name: valueAt(value).name,
      type: valueAt(value).type,
    })),
  })
  for (const [output, value] of entry.outputs.entries()) {
    const honest = outputs[output]?.data
    if (honest === undefined) continue
    const { type } = valueAt(value)
    for (const index of rankElements(type, bytesOf(value), honest)) {
      const element = logicalIndex(type, index)
      const { fraud } = judgeElement({
        manifest: judgedManifest(manifest),
        node,
        output,
        element,
        read: (operand, offset, length) =>
          bytesOf(operand).subarray(offset, offset + length),
      })
      if (fraud) yield { output, element }
    }
  }
}
