import { nodeSha256 } from '@lynode/runtime'
import {
  type Arithmetic,
  type GraphTensor,
  type Manifest,
  type ManifestNode,
  none,
  parseOnnx,
  readManifest,
} from '@lynode/sdk'
import { need } from '../need.js'
import { arithmeticOf } from './arithmetic.js'
import { claim } from './claim.js'
import type { Kernel, Value } from './kernel.js'
import { kernelOf } from './kernels/kernelOf.js'
import type { Plan } from './plans.js'

/** How a provider that uses its room moves results. */
export type Attack = Plan & {
  /** Gradient of the objective by value index: only signs count. */
  directions: readonly (Float64Array | undefined)[]
  /** What an honest run has, where nothing is moved the same. */
  honest: readonly Value[]
  /** Hears of every result whose bound leaves room. */
  onRoom?: ((operator: string) => void) | undefined
}

/**
 * A canonical model as a function that can be differentiated, with what the bounds
 * of docs/operators.md leave around each number: what an attacker inside the bounds
 * computes with. Everything is as float64 makes it, rounded to float32 once a node:
 * an honest machine of high precision.
 */
export class Network {
  readonly manifest: Manifest
  private readonly weights: readonly (Value | undefined)[]
  private readonly kernels: readonly Kernel[]

  constructor(file: Uint8Array) {
    this.manifest = readManifest(file, nodeSha256)
    const { values, nodes } = this.manifest
    const tensors = parseOnnx(file).weights
    this.weights = values.map(({ kind, name, type }) =>
      kind === 'weight'
        ? { dims: type.dims, data: numbersOf(need(tensors.get(name), name)) }
        : undefined,
    )
    this.kernels = nodes.map((node) => {
      if (node.outputs.length !== 1)
        throw new Error(`${node.operator} has ${node.outputs.length} outputs`)
      return kernelOf({
        node,
        inputs: node.inputs.map((index) => values[index]?.type),
        output: need(values[node.outputs[0]!], 'an output').type,
        moving: node.inputs.map(
          (index) => index !== none && this.weights[index] === undefined,
        ),
      })
    })
  }

  /** Index of the model's only output. */
  get result(): number {
    return this.manifest.values.findIndex(({ kind }) => kind === 'output')
  }

  /**
   * All values of one run, by value index, each as a provider claims it.
   *
   * @param inputs Elements of each input by its name.
   */
  forward(inputs: ReadonlyMap<string, Float32Array>, attack?: Attack): Value[] {
    const { values, nodes } = this.manifest
    const run: (Value | undefined)[] = values.map(({ kind, name, type }, i) =>
      kind === 'input'
        ? (attack?.honest[i] ?? {
            dims: type.dims,
            data: need(inputs.get(name), name),
          })
        : this.weights[i],
    )
    for (const [k, node] of nodes.entries()) {
      const index = node.outputs[0]!
      const operands = operandsOf(node.inputs, run)
      const room = attack && this.roomOf(attack, node)
      const same =
        attack !== undefined &&
        room === undefined &&
        node.inputs.every((i) => i === none || run[i] === attack.honest[i])
      if (same) {
        run[index] = attack.honest[index]
        continue
      }
      const result = this.kernels[k]!.forward(operands, room)
      if (result.low !== undefined) attack?.onRoom?.(node.operator)
      run[index] = {
        dims: values[index]!.type.dims,
        data: claim(result, attack?.directions[index], attack?.share ?? 0),
      }
    }
    return run.map((value, i) => need(value, `value ${i}`))
  }

  /** Plans with equal words move results alike: their profiles leave the same room. */
  roomWords(plan: Plan): string {
    const { nodes } = this.manifest
    const rooms = nodes.map((node) => this.roomOf(plan, node) ?? null)
    return JSON.stringify([plan.share, rooms])
  }

  /** How the results of a node may be moved; `undefined`: not at all. */
  private roomOf(plan: Plan, node: ManifestNode): Arithmetic | undefined {
    return (plan.operators?.has(node.operator) ?? true)
      ? arithmeticOf(plan.profile, this.manifest.values, node)
      : undefined
  }

  /**
   * Gradient of an objective with respect to every value that it depends on.
   *
   * @param run Values of one run.
   * @param seed Gradient with respect to the result.
   */
  backward(
    run: readonly Value[],
    seed: Float64Array,
  ): (Float64Array | undefined)[] {
    const { nodes } = this.manifest
    const gradients = new Array<Float64Array | undefined>(run.length)
    gradients[this.result] = seed
    for (let k = nodes.length - 1; k >= 0; k--) {
      const node = nodes[k]!
      const index = node.outputs[0]!
      const given = gradients[index]
      if (given === undefined) continue
      const operands = operandsOf(node.inputs, run)
      this.kernels[k]!.pull(operands, run[index]!, given).forEach((own, i) => {
        const input = node.inputs[i]!
        if (own === undefined || this.weights[input] !== undefined) return
        const known = gradients[input]
        if (known === undefined) gradients[input] = own
        else for (let j = 0; j < own.length; j++) known[j]! += own[j]!
      })
    }
    return gradients
  }
}

/** Operands of a node; an absent one is `undefined`, which no kernel reads then. */
function operandsOf(
  inputs: readonly number[],
  run: readonly (Value | undefined)[],
): Value[] {
  return inputs.map((index) => run[index] as Value)
}

/** Elements of a constant as numbers. */
function numbersOf({ dtype, bytes }: GraphTensor): Float32Array {
  const { buffer } = Uint8Array.from(bytes)
  if (dtype === 1) return new Float32Array(buffer)
  if (dtype === 6) return Float32Array.from(new Int32Array(buffer))
  if (dtype === 7)
    return Float32Array.from(new BigInt64Array(buffer), (value) =>
      Number(value),
    )
  if (dtype === 9) return Float32Array.from(bytes)
  throw new Error(`a constant of dtype ${dtype}`)
}
