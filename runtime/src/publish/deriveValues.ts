import { amendModel, chooseDerived, readManifest } from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { Runner } from '../runner/runner.js'
import {
  type FindFusedOptions,
  findFused,
  sameNativeBits,
} from './findFused.js'

/**
 * Which intermediates a model does not commit (B5): `none`; `fused`, those that
 * the runtime fuses away; `all` that can be derived, for the smallest trace.
 */
export type Derivation = 'none' | 'fused' | 'all'

export type DerivedModel = {
  /** The canonical file with its derived values. */
  file: Uint8Array
  derived: readonly string[]
  /**
   * Values that the runtime would fuse away and that must be committed all the
   * same: a native run declares them.
   */
  unfused: readonly string[]
  /**
   * Whether a native run gives the bits of its trace on this machine. Each
   * provider tests that again on its own; where it does not hold, the model is
   * executed plainly.
   */
  native: boolean
}

/** Declaring a value may undo another fusion: so often is looked again. */
const rounds = 4

/**
 * Chooses the derived values of a model that is being published, by group
 * testing of what the runtime fuses away (DESIGN section 5).
 *
 * @param file A canonical file with nothing derived.
 * @throws LynodeError when the runner fails on the model.
 */
export async function deriveValues(
  file: Uint8Array,
  options: {
    derivation: Derivation
    /** Runner to use; default one of its own, closed afterwards. */
    runner?: Pick<Runner, 'trace'> | undefined
  },
): Promise<DerivedModel> {
  if (options.runner === undefined) {
    const runner = new Runner()
    try {
      return await deriveValues(file, { ...options, runner })
    } finally {
      await runner.close()
    }
  }
  const { runner } = options
  const manifest = readManifest(file, nodeSha256)
  const model = { runner, file, manifest }
  const names = manifest.values.flatMap(({ kind, name }) =>
    kind === 'activation' ? [name] : [],
  )
  const derived = await derivedBy(options.derivation, model, names)
  const committed = names.filter((name) => !derived.includes(name))
  const unfused: string[] = []
  let native = false
  for (let round = 0; round < rounds && !native; round++) {
    native = await sameNativeBits({ ...model, unfused }, committed)
    if (!native)
      unfused.push(...(await findFused({ ...model, unfused }, committed)))
  }
  return {
    file: amendModel(
      file,
      { derived, unfused: native ? unfused : [] },
      nodeSha256,
    ),
    derived,
    unfused: native ? unfused : [],
    native,
  }
}

async function derivedBy(
  derivation: Derivation,
  model: FindFusedOptions,
  names: readonly string[],
): Promise<string[]> {
  switch (derivation) {
    case 'none':
      return []
    case 'all':
      return chooseDerived(model.manifest)
    case 'fused':
      return chooseDerived(
        model.manifest,
        new Set(await findFused(model, names)),
      )
  }
}
