import { type Daemon, errorText, type LoadedModel } from '@lynode/runtime'
import type { ManifestValue } from '@lynode/sdk'
import { blockModels } from './blockModels.js'
import { deviationOf } from './deviationOf.js'
import type { Evidence } from './evidence.js'
import { gatherBytes } from './gatherBytes.js'
import { roundedPrefix } from './roundedTwins.js'

/** How far claimed values lie from what known ones give; see {@link deviationOf}. */
export type BlockMeasure = (
  targets: readonly number[],
  isKnown: (value: number) => boolean,
) => Promise<number>

/**
 * Runs blocks of a model teacher-forced: from the provider's own bytes at their
 * begin, with our own values inside, to what the provider claims at their end.
 *
 * @returns The largest deviation at the targets; infinite where they cannot be
 * had or the block does not run here, so that it is opened.
 */
export async function blockMeasure(
  daemon: {
    runner: Pick<Daemon['runner'], 'runNode'>
    logger: Pick<Daemon['logger'], 'warn'>
  },
  model: Pick<LoadedModel, 'bytes' | 'manifest'>,
  evidence: Pick<Evidence, 'bytes'>,
): Promise<BlockMeasure> {
  const { values } = model.manifest
  const valueAt = (index: number): ManifestValue => {
    const value = values[index]
    if (value === undefined) throw new RangeError(`no value ${index}`)
    return value
  }
  const modelOf = blockModels(await model.bytes(), model.manifest)

  return async (targets, isKnown) => {
    const { bytes, operands } = modelOf(targets, isKnown)
    const missing = await gatherBytes(evidence, [...operands, ...targets])
    if (missing.size > 0) return Number.POSITIVE_INFINITY
    const inputs = await Promise.all(
      operands.map(async (value) => ({
        name: valueAt(value).name,
        type: valueAt(value).type,
        source: { bytes: await evidence.bytes(value) },
      })),
    )
    const named = targets.map(valueAt)
    const ran = await daemon.runner
      .runNode({
        model: { bytes },
        inputs,
        outputs: ['', roundedPrefix].flatMap((prefix) =>
          named.map(({ name, type }) => ({ name: prefix + name, type })),
        ),
      })
      .catch((error: unknown) => {
        daemon.logger.warn(
          { event: 'block.failed', error: errorText(error) },
          'a block does not run on its own',
        )
        return undefined
      })
    let largest = 0
    for (const [i, target] of targets.entries()) {
      const own = ran?.outputs[i]?.data
      const rounded = ran?.outputs[targets.length + i]?.data
      if (own === undefined || rounded === undefined)
        return Number.POSITIVE_INFINITY
      const claimed = await evidence.bytes(target)
      const { type } = valueAt(target)
      largest = Math.max(largest, deviationOf(type, { claimed, own, rounded }))
    }
    return largest
  }
}
