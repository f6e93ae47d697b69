import {
  elementCount,
  judgedManifest,
  judgeElement,
  type Manifest,
  toCommitted,
} from '@lynode/sdk'
import { type Random, randomOf } from '../random.js'
import { committedBytes } from './committedBytes.js'
import type { Value } from './kernel.js'

/** What the twins say of claims. */
export type JudgedClaims = {
  elements: number
  convicted: number
  /** Elements of which anything is accepted. */
  anything: number
  /** Moved elements whose interval is wide enough to say how much of it they use. */
  measured: number
  /** The least and the mean share of the way to the end that those go. */
  least: number
  mean: number
  /** Moved elements of narrower intervals, and those that are their last float. */
  narrow: number
  last: number
}

/** In an interval of so many floats, what rounding to one of them takes is little. */
const wide = 256n

export type JudgeClaimsParameters = {
  manifest: Manifest
  profile: number
  /** Values that the attack claims. */
  claimed: readonly Value[]
  directions: readonly (Float64Array | undefined)[]
  /** Elements of each node. */
  samples: number
}

/** Has the twins judge some claims of every node. */
export function judgeClaims(parameters: JudgeClaimsParameters): JudgedClaims {
  const { manifest, profile, claimed, directions, samples } = parameters
  const random: Random = randomOf(5)
  const committed = new Map<number, Uint8Array>()
  const bytesOf = (index: number): Uint8Array => {
    const known = committed.get(index)
    if (known !== undefined) return known
    const { type } = manifest.values[index]!
    const bytes = toCommitted(type, committedBytes(type, claimed[index]!.data))
    committed.set(index, bytes)
    return bytes
  }
  const judged = judgedManifest({
    ...manifest,
    header: { ...manifest.header, profile },
  })
  const uses: number[] = []
  let [elements, convicted, anything, narrow, last] = [0, 0, 0, 0, 0]
  for (const [node, { outputs }] of manifest.nodes.entries()) {
    const index = outputs[0]!
    const count = elementCount(manifest.values[index]!.type.dims)
    for (let i = 0; i < samples; i++) {
      const element = random() % count
      const { fraud, honest } = judgeElement({
        manifest: judged,
        node,
        output: 0,
        element,
        read: (value, offset, length) =>
          bytesOf(value).subarray(offset, offset + length),
      })
      elements++
      if (fraud) convicted++
      if (honest.kind === 'any') anything++
      const direction = directions[index]?.[element] ?? 0
      if (honest.kind !== 'float' || direction === 0) continue
      if (honest.low === honest.high) continue
      const [low, high] = [floatOfKey(honest.low), floatOfKey(honest.high)]
      const claim = claimed[index]!.data[element]!
      if (honest.high - honest.low < wide) {
        narrow++
        if (claim === (direction > 0 ? high : low)) last++
        continue
      }
      const middle = (low + high) / 2
      const gone = claim - middle
      uses.push((Math.sign(direction) * gone) / ((high - low) / 2))
    }
  }
  return {
    elements,
    convicted,
    anything,
    measured: uses.length,
    least: Math.min(1, ...uses),
    mean: uses.reduce((sum, use) => sum + use, 0) / Math.max(1, uses.length),
    narrow,
    last,
  }
}

/** The float32 of an order-preserving key (docs/protocol.md section 6). */
function floatOfKey(key: bigint): number {
  const magnitude = new Float32Array(
    Uint32Array.of(Number(key < 0n ? -key : key)).buffer,
  )[0]!
  return key < 0n ? -magnitude : magnitude
}
