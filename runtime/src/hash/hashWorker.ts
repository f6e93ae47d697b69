import { workerData } from 'node:worker_threads'
import { hashBytes, nodeDataRoot } from './nodeDataRoot.js'
import {
  blockBytes,
  mostBlocks,
  type SharedBlocks,
  slots,
  takeBlock,
} from './sharedBlocks.js'

// The thread that hashes along whenever there is a new piece.
const shared = workerData as SharedBlocks
const { control, bytes, roots, finished } = shared
for (let known = 0; ; known = Atomics.load(control, slots.end)) {
  Atomics.wait(control, slots.end, known)
  for (
    let block = takeBlock(shared);
    block !== undefined;
    block = takeBlock(shared)
  ) {
    const at = block % mostBlocks
    const length = Atomics.load(control, slots.length)
    const end = Math.min((at + 1) * blockBytes, length)
    const root = nodeDataRoot(bytes.subarray(at * blockBytes, end))
    roots.set(root, at * hashBytes)
    Atomics.store(finished, at, block)
  }
}
