import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  bufferOf,
  hashBytes,
  nodeDataRoot,
  rootOfHashes,
} from './nodeDataRoot.js'
import {
  blockBytes,
  mostBlocks,
  pieceBytes,
  type SharedBlocks,
  sharedBlocks,
  slots,
  takeBlock,
} from './sharedBlocks.js'

/** Below, waking another thread takes as long as it saves. */
const fewBlocks = 4

/**
 * Data roots of tensors, on two processors: a run is not over before its outputs
 * are hashed, and until then nothing else of it can go on. The second thread
 * starts with the first large tensor and sleeps between two. Nobody waits for it:
 * a block that it has not finished is hashed again.
 */
export class TensorHasher {
  readonly #entry: URL
  readonly #parallel: boolean
  #shared: SharedBlocks | undefined
  #thread: Worker | undefined

  /**
   * @param entry - Program of the second thread.
   * @param parallel - Whether to have one; default: where there is a processor for it.
   */
  constructor(
    entry: URL = new URL('./hashWorker.js', import.meta.url),
    parallel: boolean = availableParallelism() > 1,
  ) {
    this.#entry = entry
    this.#parallel = parallel
  }

  /** Root of the tree over the chunks of `data` (docs/protocol.md section 2). */
  dataRoot(data: Uint8Array): `0x${string}` {
    const alone = data.length < fewBlocks * blockBytes || !this.#parallel
    const root = alone ? nodeDataRoot(data) : this.#rootOfPieces(data)
    return `0x${root.toString('hex')}`
  }

  /** Ends the second thread. */
  async close(): Promise<void> {
    await this.#thread?.terminate()
    this.#thread = undefined
    this.#shared = undefined
  }

  #rootOfPieces(data: Uint8Array): Buffer {
    this.#shared ??= this.#start()
    const roots: Buffer[] = []
    for (let at = 0; at < data.length; at += pieceBytes)
      roots.push(rootsOf(this.#shared, data.subarray(at, at + pieceBytes)))
    return rootOfHashes(Buffer.concat(roots))
  }

  #start(): SharedBlocks {
    const shared = sharedBlocks()
    this.#thread = new Worker(this.#entry, { workerData: shared })
    this.#thread.unref()
    return shared
  }
}

/** Roots of the blocks of a piece, 32 bytes each. */
function rootsOf(shared: SharedBlocks, piece: Uint8Array): Buffer {
  const { control, bytes, roots, finished } = shared
  const blocks = Math.ceil(piece.length / blockBytes)
  const taken = Atomics.load(control, slots.next)
  const first = (Math.floor(taken / mostBlocks) + 1) * mostBlocks
  // The thread takes nothing until the end is set, and then all else is.
  Atomics.store(control, slots.next, first)
  bufferOf(piece).copy(bytes)
  Atomics.store(control, slots.length, piece.length)
  Atomics.store(control, slots.end, first + blocks)
  Atomics.notify(control, slots.end)
  const own = Buffer.alloc(blocks * hashBytes)
  const others = new Set(Array.from({ length: blocks }, (_, at) => at))
  const hash = (at: number) => {
    const block = piece.subarray(at * blockBytes, (at + 1) * blockBytes)
    own.set(nodeDataRoot(block), at * hashBytes)
  }
  for (
    let block = takeBlock(shared);
    block !== undefined;
    block = takeBlock(shared)
  ) {
    hash(block - first)
    others.delete(block - first)
  }
  for (const at of others)
    if (Atomics.load(finished, at) === first + at)
      own.set(
        roots.subarray(at * hashBytes, (at + 1) * hashBytes),
        at * hashBytes,
      )
    else hash(at)
  return own
}
