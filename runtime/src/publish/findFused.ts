import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hex, type Manifest, modelWithOutputs } from '@lynode/sdk'
import type { Runner } from '../runner/runner.js'
import { trialInputs } from '../runner/trialInputs.js'

export type FindFusedOptions = {
  runner: Pick<Runner, 'trace'>
  /** The canonical file and its manifest, with nothing derived. */
  file: Uint8Array
  manifest: Manifest
  /** Values that every run declares. */
  unfused?: readonly string[] | undefined
}

/** Trial inputs that every comparison runs. */
const trials = 3

/**
 * Finds by group testing which of some values the runtime fuses away at level
 * `all`: declares a set, compares the bits of the model's outputs with those of
 * the run that declares none of them, and halves the set where they differ.
 *
 * @throws LynodeError when the runner fails on the model.
 */
export async function findFused(
  options: FindFusedOptions,
  names: readonly string[],
): Promise<string[]> {
  const compare = new NativeComparison(options)
  const fused = new Set<string>()
  const halve = async (list: readonly string[]): Promise<void> => {
    if (list.length === 0 || (await compare.sameBits(list))) return
    const [name, ...more] = list
    if (name !== undefined && more.length === 0) {
      fused.add(name)
      return
    }
    const middle = list.length >> 1
    await halve(list.slice(0, middle))
    await halve(list.slice(middle))
  }
  try {
    await halve(names)
    // Each half may be harmless and both together not: what is left must agree too.
    const rest = () => names.filter((name) => !fused.has(name))
    while (rest().length > 0 && !(await compare.sameBits(rest())))
      await growing(rest(), compare, fused)
    return [...fused]
  } finally {
    await compare.close()
  }
}

/** Whether the outputs of native runs have the same bits with these values declared. */
export async function sameNativeBits(
  options: FindFusedOptions,
  names: readonly string[],
): Promise<boolean> {
  const compare = new NativeComparison(options)
  try {
    return await compare.sameBits(names)
  } finally {
    await compare.close()
  }
}

/** Adds the first value that changes bits together with those before it. */
async function growing(
  names: readonly string[],
  compare: NativeComparison,
  fused: Set<string>,
): Promise<void> {
  let low = 0
  let high = names.length
  // Declaring the first `low` changes nothing, declaring the first `high` does.
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (await compare.sameBits(names.slice(0, middle))) low = middle
    else high = middle
  }
  const found = names[low]
  if (found !== undefined) fused.add(found)
}

/** Compares native runs that declare values with one that does not. */
class NativeComparison {
  readonly #options: FindFusedOptions
  readonly #inputs: ReturnType<typeof trialInputs>[]
  #folder: Promise<string> | undefined
  #undeclared: Promise<Hex[]> | undefined
  #files = 0

  constructor(options: FindFusedOptions) {
    this.#options = options
    this.#inputs = Array.from({ length: trials }, (_, seed) =>
      trialInputs(options.manifest, seed),
    )
  }

  /** Whether the outputs have the same bits with these values declared. */
  async sameBits(names: readonly string[]): Promise<boolean> {
    this.#undeclared ??= this.#run([])
    const expected = await this.#undeclared
    return (await this.#run(names, expected)).join() === expected.join()
  }

  /** Removes what it wrote. */
  async close(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined) // never made
    if (folder !== undefined) await rm(folder, { recursive: true })
  }

  /** Data roots of the outputs of all trials, up to the first that is not as expected. */
  async #run(
    names: readonly string[],
    expected?: readonly Hex[],
  ): Promise<Hex[]> {
    const { runner, file, manifest } = this.#options
    this.#folder ??= mkdtemp(join(tmpdir(), 'lynode-publish-'))
    const folder = await this.#folder
    const path = join(folder, `${this.#files++}.onnx`)
    const declared = new Set([...(this.#options.unfused ?? []), ...names])
    await writeFile(path, modelWithOutputs(file, [...declared]))
    const outputs = manifest.values
      .filter(({ kind }) => kind === 'output')
      .map(({ name, type }) => ({ name, type }))
    const roots: Hex[] = []
    for (const inputs of this.#inputs) {
      const result = await runner.trace({
        model: { path },
        inputs,
        outputs,
        spool: join(folder, 'outputs'),
        mode: 'native',
      })
      roots.push(...result.outputs.map(({ dataRoot }) => dataRoot))
      if (roots.some((root, i) => root !== (expected ?? roots)[i])) break
    }
    await rm(path)
    return roots
  }
}
