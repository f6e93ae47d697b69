import { readFileSync } from 'node:fs'
import { nodeSha256, type Runner } from '@lynode/runtime'
import {
  elementCount,
  encodeOnnx,
  finishModel,
  type Graph,
  type GraphTensor,
  LynodeError,
  type Manifest,
  type ProfileName,
  parseOnnx,
  parseTensor,
  prepareModel,
  readManifest,
} from '@lynode/sdk'
import { need } from '../need.js'
import type { CaseResult } from './caseResult.js'
import { freezeInputs } from './freezeInputs.js'
import type { StandardCase } from './listCases.js'

/** A case that the protocol does not take, with the reason. */
export class Refused extends Error {}

/**
 * Makes a case's model what would be published, and reads its inputs.
 *
 * @throws Refused when the protocol does not take it.
 */
export async function admitCase(
  standard: StandardCase,
  runner: Runner,
  result: CaseResult,
  profile: ProfileName = 'f32-plain',
): Promise<{
  file: Uint8Array
  manifest: Manifest
  inputs: Map<string, Uint8Array>
}> {
  const [graph, given] = refusing(() => {
    const graph = parseOnnx(readFileSync(standard.model))
    return [graph, givenInputs(graph, standard)] as const
  })
  result.operators = [
    ...new Set(graph.nodes.map(({ domain, operator }) => domain + operator)),
  ]
  const canonical = async (of: Graph): Promise<Uint8Array> => {
    const shapes: Record<string, readonly number[]> = {}
    for (const { name } of of.inputs)
      shapes[name] = need(given.get(name), `the input ${name}`).dims
    const prepared = refusing(() =>
      prepareModel(encodeOnnx(of), { shapes, profile }),
    )
    const basic = await runner.optimise(prepared).catch((error: unknown) => {
      throw new Refused(`ONNX Runtime refuses it: ${reasonOf(error)}`)
    })
    return refusing(() => finishModel(basic, nodeSha256))
  }
  const file = await canonical(graph).catch(async (error: unknown) => {
    const published = freezeInputs(graph, given)
    if (!(error instanceof Refused) || published === undefined) throw error
    const frozen = await canonical(published.graph)
    result.frozen = published.frozen
    return frozen
  })
  const manifest = refusing(() => readManifest(file, nodeSha256))
  return {
    file,
    manifest,
    inputs: new Map([...given].map(([name, { bytes }]) => [name, bytes])),
  }
}

/** The case's inputs by name. */
function givenInputs(
  graph: Graph,
  { inputs }: StandardCase,
): Map<string, GraphTensor> {
  if (inputs === undefined) return new Map(graph.inputs.map(madeUp))
  return new Map(
    inputs.map((path, i) => {
      const input = need(graph.inputs[i], `graph input ${i}`)
      return [input.name, parseTensor(readFileSync(path))]
    }),
  )
}

/** As the standard's own runner makes inputs up: 0 to n - 1, divided by n. */
function madeUp({
  name,
  dims,
}: Graph['inputs'][number]): [string, GraphTensor] {
  const sizes = (dims ?? []).map((dim) => dim ?? 1)
  const count = elementCount(sizes)
  const values = Float32Array.from({ length: count }, (_, i) => i / count)
  return [name, { dtype: 1, dims: sizes, bytes: new Uint8Array(values.buffer) }]
}

function refusing<T>(admit: () => T): T {
  try {
    return admit()
  } catch (error) {
    if (error instanceof LynodeError) throw new Refused(reasonOf(error))
    throw error
  }
}

/** An error in one line. */
export function reasonOf(error: unknown): string {
  if (error instanceof LynodeError)
    return `${error.details ?? error.shortMessage} (${error.code})`
      .replace(/\s+/g, ' ')
      .trim()
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/\s+/g, ' ').trim()
}
