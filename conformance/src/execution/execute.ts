import { nodeSha256, type Runner } from '@lynode/runtime'
import {
  type Commitments,
  dataTree,
  type ExecutionRoots,
  type Hex,
  type InputsDocument,
  inputRootOf,
  type Manifest,
  type ManifestValue,
  type ResultDocument,
  resultRootOf,
  type TensorDocument,
  type TraceDocument,
  toCommitted,
  traceModel,
  traceRootOf,
  weightReader,
} from '@lynode/sdk'
import { need } from '../need.js'

/** One traced run of a canonical model: committed bytes by value index. */
export type Execution = {
  manifest: Manifest
  bytes: readonly Uint8Array[]
}

/**
 * Runs a canonical model on ONNX Runtime, in the runner's process, with all its
 * intermediates.
 *
 * @param inputs Row-major bytes by input name.
 */
export async function execute(
  runner: Runner,
  file: Uint8Array,
  manifest: Manifest,
  inputs: ReadonlyMap<string, Uint8Array>,
): Promise<Execution> {
  const bytes = new Map<string, Uint8Array>()
  const given = manifest.values.filter(({ kind }) => kind === 'input')
  for (const { name, type } of given)
    bytes.set(
      name,
      toCommitted(type, need(inputs.get(name), `the input ${name}`)),
    )
  const { outputs } = await runner.runNode({
    model: { bytes: traceModel(file, manifest) },
    inputs: given.map(({ name, type }) => ({
      name,
      type,
      source: { bytes: need(bytes.get(name), name) },
    })),
    outputs: manifest.values.flatMap(({ kind, name, type }) =>
      kind === 'activation' || kind === 'output' ? [{ name, type }] : [],
    ),
  })
  for (const { name, data } of outputs)
    bytes.set(name, need(data, `the result ${name}`))
  const weights = weightReader(file, manifest)
  return {
    manifest,
    bytes: manifest.values.map(({ name }, index) =>
      need(bytes.get(name) ?? weights(index), `the value ${name}`),
    ),
  }
}

/** What a provider of this execution commits to, as a job of one step. */
export function commit({ manifest, bytes }: Execution): {
  commitments: Commitments
  roots: ExecutionRoots
} {
  const documents = (
    slotOf: (value: ManifestValue) => number | undefined,
  ): TensorDocument[] => {
    const tensors: TensorDocument[] = []
    manifest.values.forEach((value, index) => {
      const slot = slotOf(value)
      if (slot === undefined) return
      const data = need(bytes[index], value.name)
      tensors[slot] = { ...value.type, dataRoot: dataRootOf(data) }
    })
    return tensors
  }
  const inputs: InputsDocument = {
    kind: 'inputs',
    steps: [documents((v) => (v.kind === 'input' ? v.slot : undefined))],
  }
  const result: ResultDocument = {
    kind: 'result',
    segment: 1,
    steps: [
      {
        carried: [],
        outputs: documents((v) => (v.kind === 'output' ? v.slot : undefined)),
      },
    ],
  }
  const trace: TraceDocument = {
    kind: 'trace',
    tensors: documents((v) =>
      v.kind === 'activation' ? v.traceIndex : undefined,
    ),
  }
  return {
    commitments: { inputs, result, trace },
    roots: {
      modelId: manifest.modelId,
      steps: 1,
      inputRoot: inputRootOf(inputs, nodeSha256),
      resultRoot: resultRootOf(result, nodeSha256),
      traceRoot: traceRootOf(trace, nodeSha256),
      statesRoot: `0x${'0'.repeat(64)}`,
    },
  }
}

/** Executions that differ in one value share all the others. */
const dataRoots = new WeakMap<Uint8Array, Hex>()

function dataRootOf(data: Uint8Array): Hex {
  const root = dataRoots.get(data) ?? dataTree(data, nodeSha256).root
  dataRoots.set(data, root)
  return root
}
