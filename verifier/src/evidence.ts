import {
  type BlobClient,
  type BlobStore,
  type Daemon,
  type LoadedModel,
  nodeSha256,
} from '@lynode/runtime'
import {
  byteLength,
  type Commitments,
  chunkCount,
  type Hex,
  type InputsDocument,
  type ManifestValue,
  parseTraceDocument,
  type ResultDocument,
  resolveValue,
  type StatesDocument,
  type TensorDocument,
  type TraceDocument,
  tensorRoot,
  treeOfRoots,
  weightReader,
} from '@lynode/sdk'
import type { Demands } from './demands.js'

export type EvidenceOptions = {
  daemon: Daemon
  demands: Demands
  model: LoadedModel
  step: number
  /** Asks the provider's data server. */
  client: BlobClient
  inputs: InputsDocument
  /** What the provider committed to. */
  claimed: {
    result: ResultDocument
    /** What the steps of the segment carried, and the roots it posted (B8). */
    states: { states: StatesDocument; roots: readonly Hex[] } | undefined
    /** Tensor roots it posted, by trace index. */
    traceRoots: readonly Hex[]
    /** What lies behind them, if its data server tells. */
    trace: TraceDocument | undefined
  }
  /** What this machine computed for the step. */
  own: {
    result: ResultDocument
    trace: TraceDocument
    states: StatesDocument | undefined
  }
  /** Where this machine's tensors are. */
  ownBlobs: BlobStore
  /** Where the provider's tensors go. */
  claimedBlobs: BlobStore
}

/**
 * What the provider claims for one step: root by root next to our own, and byte
 * by byte where they differ. Bytes come from our own run where the roots agree,
 * else from the provider's data server, else by demands on chain.
 */
export class Evidence {
  readonly #options: EvidenceOptions
  readonly #learnt = new Map<number, Hex>()
  #demandedBytes = 0
  #weights: ((value: number) => Uint8Array | undefined) | undefined

  constructor(options: EvidenceOptions) {
    this.#options = options
  }

  /** Bytes of values that had to be demanded on chain. */
  get demandedBytes(): number {
    return this.#demandedBytes
  }

  /** Whether the provider committed to another tensor than we computed. */
  differs(value: number): boolean {
    const { own, claimed, inputs } = this.#options
    const entry = this.#valueAt(value)
    switch (entry.kind) {
      case 'weight':
      case 'derived':
        return false
      case 'activation':
        return (
          claimed.traceRoots[entry.traceIndex] !==
          rootOf(own.trace.tensors[entry.traceIndex])
        )
      default:
        return (
          this.#resolve(entry, {
            inputs,
            result: claimed.result,
            states: claimed.states?.states,
          }) !== this.#resolve(entry, { inputs, ...own })
        )
    }
  }

  /** All committed bytes of a value as the provider has them. */
  async bytes(value: number): Promise<Uint8Array> {
    const { model, ownBlobs, daemon } = this.#options
    const entry = this.#valueAt(value)
    if (entry.kind === 'weight') {
      this.#weights ??= weightReader(await model.bytes(), model.manifest)
      const bytes = this.#weights(value)
      if (bytes !== undefined) return bytes
    }
    if (!this.differs(value)) {
      const root = this.#ownDataRoot(entry)
      return ownBlobs.has(root) ? ownBlobs.read(root) : daemon.reader.read(root)
    }
    return this.#claimedBytes(value, entry)
  }

  /** Commitments for a proof, with what has been learnt so far. */
  commitments(): Commitments {
    const { inputs, claimed, own, model } = this.#options
    const tensors = own.trace.tensors.map((tensor, index) => ({
      ...tensor,
      dataRoot:
        claimed.trace?.tensors[index]?.dataRoot ?? this.#learntRoot(index),
    }))
    const trace: TraceDocument = {
      kind: 'trace',
      tensors: tensors.map((tensor, index) => ({
        ...tensor,
        dataRoot: tensor.dataRoot ?? own.trace.tensors[index]?.dataRoot ?? '0x',
      })),
    }
    return {
      inputs,
      result: claimed.result,
      trace: model.manifest.header.activations === 0 ? undefined : trace,
      traceRoots: claimed.traceRoots,
      states: claimed.states?.states,
      stateRoots: claimed.states?.roots,
    }
  }

  async #claimedBytes(
    value: number,
    entry: ManifestValue,
  ): Promise<Uint8Array> {
    const { claimed, claimedBlobs, client, demands, step } = this.#options
    const size = byteLength(entry.type)
    const told =
      entry.kind === 'activation'
        ? (claimed.trace?.tensors[entry.traceIndex]?.dataRoot ??
          this.#learnt.get(value))
        : this.#resolve(entry, {
            inputs: this.#options.inputs,
            result: claimed.result,
            states: claimed.states?.states,
          })
    if (told !== undefined && claimedBlobs.has(told))
      return claimedBlobs.read(told)
    if (told !== undefined) {
      const served = await client
        .fetchChunks(told, size, 0, chunkCount(size))
        .catch(() => undefined) // not served: it has to be demanded
      if (served !== undefined) {
        await claimedBlobs.put(served.data)
        return served.data
      }
    }
    this.#demandedBytes += size
    const bytes = await demands.value(step, value, chunkCount(size))
    const root = await claimedBlobs.put(bytes)
    this.#learnt.set(value, root)
    return bytes
  }

  #ownDataRoot(entry: ManifestValue): Hex {
    const { own, inputs } = this.#options
    const root =
      entry.kind === 'activation'
        ? own.trace.tensors[entry.traceIndex]?.dataRoot
        : this.#resolve(entry, { inputs, ...own })
    if (root === undefined) throw new Error(`nothing is known of ${entry.name}`)
    return root
  }

  #learntRoot(traceIndex: number): Hex | undefined {
    const { values } = this.#options.model.manifest
    const value = values.findIndex(
      (entry) => entry.kind === 'activation' && entry.traceIndex === traceIndex,
    )
    return this.#learnt.get(value)
  }

  #resolve(entry: ManifestValue, commitments: Commitments): Hex | undefined {
    return resolveValue(entry, this.#options.step, commitments, nodeSha256)
      ?.dataRoot
  }

  #valueAt(value: number): ManifestValue {
    const entry = this.#options.model.manifest.values[value]
    if (entry === undefined) throw new RangeError(`no value ${value}`)
    return entry
  }
}

function rootOf(tensor: TensorDocument | undefined): Hex | undefined {
  return tensor && tensorRoot(tensor, tensor.dataRoot, nodeSha256)
}

/** The trace document behind posted roots, if the data server of who posted them gives it. */
export async function claimedTrace(
  client: BlobClient,
  traceRoots: readonly Hex[],
): Promise<TraceDocument | undefined> {
  if (traceRoots.length === 0) return undefined
  const root = treeOfRoots(traceRoots, nodeSha256).root
  try {
    return parseTraceDocument(await client.fetchDocument(root))
  } catch {
    return undefined // not served: bytes are demanded on chain instead
  }
}
