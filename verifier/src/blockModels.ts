import { encodeOnnx, type Manifest, none, parseOnnx } from '@lynode/sdk'
import { roundedPrefix, roundedTwins } from './roundedTwins.js'

/** Part of a model, to be run on given operands. */
export type BlockModel = {
  /** An ONNX file. */
  bytes: Uint8Array
  /** Values that it takes: those that are known, and inputs of the graph. */
  operands: number[]
}

/** Makes models of what some values follow from, back to what is known. */
export type BlockModels = (
  targets: readonly number[],
  isKnown: (value: number) => boolean,
) => BlockModel

/**
 * Blocks of one model as models of their own, read from its canonical file once.
 * Each computes its targets twice in one run: as the model says, and with the
 * rounding of another machine ({@link roundedTwins}), under names that begin with
 * {@link roundedPrefix}.
 */
export function blockModels(file: Uint8Array, manifest: Manifest): BlockModels {
  const graph = parseOnnx(file)
  const { values } = manifest
  const types = new Map(values.map((value) => [value.name, value.type]))
  const typeOf = (name: string) => {
    const type = types.get(name)
    if (type === undefined) throw new RangeError(`no value ${name}`)
    return type
  }
  const nameOf = (value: number) => values[value]?.name ?? ''
  const producers = new Map(
    manifest.nodes.flatMap(({ outputs }, node) =>
      outputs.map((value) => [value, node] as const),
    ),
  )

  return (targets, isKnown) => {
    const { nodes: cone, operands } = behind(targets, isKnown)
    const nodes = cone.flatMap((at) => graph.nodes[at] ?? [])
    const twins = roundedTwins(nodes, typeOf)
    const read = new Set(nodes.flatMap(({ inputs }) => inputs))
    const outputs = targets.map(nameOf)
    const both = (names: readonly string[]) => [
      ...names,
      ...names.map((name) => roundedPrefix + name),
    ]
    const made = nodes.flatMap((node) =>
      node.outputs.filter((name) => name !== ''),
    )
    const bytes = encodeOnnx({
      ...graph,
      inputs: operands.map((value) => {
        const name = nameOf(value)
        return { name, ...typeOf(name) }
      }),
      outputs: both(outputs),
      weights: new Map([
        ...[...graph.weights].filter(([name]) => read.has(name)),
        ...twins.weights,
      ]),
      nodes: [...nodes, ...twins.nodes],
      declared: new Map(
        both(made).map((name, i) => [
          name,
          { name, ...typeOf(made[i % made.length] ?? name) },
        ]),
      ),
      metadata: new Map(),
    })
    return { bytes, operands }
  }

  /** The nodes behind some values and what they read, in the order of the graph. */
  function behind(
    targets: readonly number[],
    isKnown: (value: number) => boolean,
  ): { nodes: number[]; operands: number[] } {
    const nodes = new Set<number>()
    const operands = new Set<number>()
    const pending = [...targets]
    for (
      let value = pending.pop();
      value !== undefined;
      value = pending.pop()
    ) {
      const node = producers.get(value)
      if (node === undefined) throw new RangeError(`nothing makes ${value}`)
      if (nodes.has(node)) continue
      nodes.add(node)
      for (const operand of manifest.nodes[node]?.inputs ?? []) {
        if (operand === none || values[operand]?.kind === 'weight') continue
        if (producers.has(operand) && !isKnown(operand)) pending.push(operand)
        else operands.add(operand)
      }
    }
    const order = (a: number, b: number) => a - b
    return {
      nodes: [...nodes].sort(order),
      operands: [...operands].sort(order),
    }
  }
}
