import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { Graph } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { type ProfileName, profiles } from '../operators/sumRules.js'
import { admitGraph } from './admitGraph.js'
import { analyseGraph } from './analyseGraph.js'
import type { Constants } from './bindConstants.js'
import type { Shapes } from './bindShapes.js'
import { composeNormalization } from './composeNormalization.js'
import {
  carryKey,
  profileKey,
  readCarry,
  readProfile,
  readSegment,
  segmentKey,
} from './metadata.js'
import { requireCovered } from './requireCovered.js'

export type PrepareOptions = {
  /** Sizes for dynamic inputs. */
  shapes?: Shapes | undefined
  /** Values of inputs that become part of the model. */
  constants?: Constants | undefined
  /** Output name -> input of the next step; default what the file's metadata says. */
  carry?: Readonly<Record<string, string>> | undefined
  /** Numeric profile; default what the file's metadata says, else `f32-plain`. */
  profile?: ProfileName | undefined
}

/**
 * First part of canonicalisation, before ONNX Runtime's `basic` level: admits
 * the model, binds its shapes, and turns `Constant` nodes into initialisers.
 *
 * @returns An ONNX file for ONNX Runtime to optimise.
 * @throws LynodeError LY-MDL-001, LY-MDL-002, LY-MDL-005 as `checkModel`;
 * LY-MDL-003 when an operator is refused.
 * @example
 * const prepared = prepareModel(source, { shapes: { x: [1, 4] } })
 */
export function prepareModel(
  bytes: Uint8Array,
  options: PrepareOptions = {},
): Uint8Array {
  const source = parseOnnx(bytes)
  const { graph: bound, reasons } = admitGraph(source, options)
  const carry = options.carry
    ? Object.entries(options.carry)
    : [...readCarry(source.metadata.get(carryKey))]
  const profile = options.profile
    ? profiles[options.profile]
    : readProfile(source.metadata.get(profileKey))
  // Declared types may speak of the shapes before binding.
  const graph: Graph = {
    ...composeNormalization(bound),
    declared: new Map(),
    metadata: new Map([
      [carryKey, JSON.stringify(carry)],
      [segmentKey, `${readSegment(source.metadata.get(segmentKey))}`],
      [profileKey, `${profile}`],
    ]),
  }
  const analysis = analyseGraph(graph, 'source')
  requireCovered(graph.nodes, analysis, reasons)
  return encodeOnnx({
    ...graph,
    declared: new Map(
      graph.outputs.flatMap((name) => {
        const type = analysis.types.get(name)
        return type === undefined ? [] : [[name, { name, ...type }]]
      }),
    ),
  })
}
