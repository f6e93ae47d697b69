import { readFileSync } from 'node:fs'
import { canonicalise, deriveValues, nodeSha256, Runner } from '@lynode/runtime'
import { ocrModelFile, ocrModels } from '@lynode/script'
import {
  byteLength,
  committedOperands,
  dtypes,
  elementCount,
  encodeOnnx,
  type Manifest,
  parseOnnx,
  readManifest,
  toCommitted,
  traceModel,
  weightReader,
} from '@lynode/sdk'
import { afterAll, describe, expect, test } from 'vitest'
import { alterConvolution } from '../../script/src/cheats/alterConvolution.js'
import { blockMeasure } from '../../verifier/src/blockMeasure.js'
import { boundariesOf } from '../../verifier/src/boundariesOf.js'
import {
  roundingMargin,
  searchBlocks,
} from '../../verifier/src/searchBlocks.js'

// What decides the search of RULES A7, on real models: how far honest kernels
// end from each other, and how much of a cheat's trace it takes to find its lie.

const plain = new Runner()
const native = new Runner({ threads: 2 })

afterAll(async () => {
  await plain.close()
  await native.close()
})

describe.each(Object.keys(ocrModels) as (keyof typeof ocrModels)[])(
  '%s',
  (name) => {
    const published = once(() => publish(name))

    test('behavior: other kernels end within rounding, block by block', async () => {
      const { manifest, file, input } = await published()
      const own = await trace(plain, 'plain', file, manifest, input)
      const evidence = new Claims(
        manifest,
        file,
        own,
        await trace(native, 'native', file, manifest, input),
      )
      const measure = await measureOf(file, manifest, evidence)
      const boundaries = boundariesOf(manifest)
      let largest = 0
      for (const [i, { value }] of boundaries.entries()) {
        const before = boundaries[i - 1]?.value
        const whole = await measure([value], (one) => evidence.isOurs(one))
        const block = await measure(
          [value],
          (one) => one === before || evidence.isOurs(one),
        )
        largest = Math.max(largest, whole, block)
      }
      report({ name, boundaries: boundaries.length, largest })
      expect(largest).toBeGreaterThan(0)
      expect(largest).toBeLessThan(roundingMargin / 4)
    })

    test('error: a lie behind a nudge is found in one block', async () => {
      const { manifest, file, input } = await published()
      const own = await trace(plain, 'plain', file, manifest, input)
      const lying = nudged(alterConvolution(file))
      const evidence = new Claims(
        manifest,
        file,
        own,
        await trace(plain, 'plain', lying, manifest, input),
      )
      const lie = manifest.nodes.findIndex(({ outputs }) =>
        outputs.some((value) =>
          parseOnnx(lying).nodes.some(
            ({ name, outputs: [output] }) =>
              name.endsWith('/alteration') &&
              output === manifest.values[value]?.name,
          ),
        ),
      )
      const walk = new Claims(manifest, file, own, evidence.claimed)
      const suspects = [...manifest.nodes.keys()].filter((node) =>
        manifest.nodes[node]?.outputs.some((value) => evidence.differs(value)),
      )
      for (const node of suspects.filter((node) => node <= lie))
        await walk.read(node)

      let opened = 0
      search: for await (const { nodes } of searchBlocks({
        manifest,
        evidence,
        suspects,
        measure: await measureOf(file, manifest, evidence),
        mostBytes: 0,
      })) {
        opened += 1
        for (const node of nodes) {
          await evidence.read(node)
          if (node === lie) break search
        }
      }
      report({
        name,
        opened,
        demandedBytes: evidence.demandedBytes,
        walkBytes: walk.demandedBytes,
      })
      expect(evidence.hasRead(lie)).toBe(true)
      expect(opened).toBe(1)
      expect(evidence.demandedBytes).toBeLessThan(walk.demandedBytes / 2)
    })
  },
)

/** The claims of a provider that serves nothing, beside our own run. */
class Claims {
  readonly claimed: ReadonlyMap<string, Uint8Array>
  readonly #manifest: Manifest
  readonly #own: ReadonlyMap<string, Uint8Array>
  readonly #weights: (value: number) => Uint8Array | undefined
  readonly #demanded = new Set<number>()
  readonly #read = new Set<number>()

  constructor(
    manifest: Manifest,
    file: Uint8Array,
    own: ReadonlyMap<string, Uint8Array>,
    claimed: ReadonlyMap<string, Uint8Array>,
  ) {
    this.#manifest = manifest
    this.#own = own
    this.#weights = weightReader(file, manifest)
    this.claimed = claimed
  }

  get demandedBytes(): number {
    return [...this.#demanded].reduce((sum, value) => {
      const { type } = this.#manifest.values[value] ?? {}
      return sum + (type === undefined ? 0 : byteLength(type))
    }, 0)
  }

  differs(value: number): boolean {
    const { name = '' } = this.#manifest.values[value] ?? {}
    const claimed = this.claimed.get(name)
    return (
      claimed !== undefined &&
      Buffer.compare(claimed, this.#own.get(name) ?? claimed) !== 0
    )
  }

  isOurs(value: number): boolean {
    const { name = '' } = this.#manifest.values[value] ?? {}
    return this.claimed.has(name) && !this.differs(value)
  }

  async bytes(value: number): Promise<Uint8Array> {
    const { name = '' } = this.#manifest.values[value] ?? {}
    if (this.differs(value)) this.#demanded.add(value)
    const bytes = this.#weights(value) ?? this.claimed.get(name)
    if (bytes === undefined) throw new Error(`no bytes of ${name}`)
    return bytes
  }

  /** All that a node is judged by. */
  async read(node: number): Promise<void> {
    this.#read.add(node)
    const { outputs = [] } = this.#manifest.nodes[node] ?? {}
    for (const value of [
      ...committedOperands(this.#manifest, node),
      ...outputs,
    ])
      await this.bytes(value)
  }

  hasRead(node: number): boolean {
    return this.#read.has(node)
  }
}

/** A model as its publisher makes it, and a random picture. */
async function publish(name: keyof typeof ocrModels) {
  const source = new Uint8Array(readFileSync(ocrModelFile(name)))
  const { shapes } = ocrModels[name]
  const canonical = await canonicalise(source, {
    runner: plain,
    shapes: { x: [...shapes.x] },
  })
  const { file } = await deriveValues(canonical, { derivation: 'fused' })
  const manifest = readManifest(file, nodeSha256)
  let state = 1
  const pixels = Float32Array.from({ length: elementCount(shapes.x) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state / 2 ** 31
  })
  return { file, manifest, input: new Uint8Array(pixels.buffer) }
}

async function measureOf(file: Uint8Array, manifest: Manifest, claims: Claims) {
  const logger = { warn: expect.unreachable }
  return blockMeasure(
    { runner: plain, logger },
    { bytes: async () => file, manifest },
    claims,
  )
}

/** Committed bytes by name of everything that a run commits to. */
async function trace(
  runner: Runner,
  mode: 'plain' | 'native',
  file: Uint8Array,
  manifest: Manifest,
  picture: Uint8Array,
): Promise<Map<string, Uint8Array>> {
  const input = manifest.values.find(({ kind }) => kind === 'input')
  if (input === undefined) throw new Error('no input')
  const bytes = toCommitted(input.type, picture)
  const { outputs } = await runner.runNode({
    model: { bytes: traceModel(file, manifest) },
    mode,
    inputs: [{ name: input.name, type: input.type, source: { bytes } }],
    outputs: manifest.values.flatMap(({ kind, name, type }) =>
      kind === 'activation' || kind === 'output' ? [{ name, type }] : [],
    ),
  })
  return new Map([
    [input.name, bytes],
    ...outputs.map(
      ({ name, data }) => [name, data ?? new Uint8Array()] as const,
    ),
  ])
}

/** The result of the first node a little too large: less than its bound allows. */
function nudged(model: Uint8Array): Uint8Array {
  const graph = parseOnnx(model)
  const [first, ...others] = graph.nodes
  const [output] = first?.outputs ?? []
  if (first === undefined || output === undefined) return model
  const exact = `${output}/exact`
  return encodeOnnx({
    ...graph,
    weights: new Map(graph.weights).set('nudge', {
      dtype: dtypes.float32,
      dims: [1],
      bytes: new Uint8Array(Float32Array.of(1 + 2 ** -21).buffer),
    }),
    nodes: [
      { ...first, outputs: [exact] },
      {
        name: 'nudge',
        operator: 'Mul',
        domain: '',
        inputs: [exact, 'nudge'],
        outputs: [output],
        attributes: new Map(),
      },
      ...others,
    ],
  })
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

function report(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}
