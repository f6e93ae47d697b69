import type { ManifestValue } from '@lynode/sdk'
import type { ModelFile } from '../models/openModelFile.js'
import type { Runner } from '../runner/runner.js'
import { trialInputs } from '../runner/trialInputs.js'

/** Trial inputs that both runs get. */
const trials = 3

/**
 * Whether this machine can execute a model natively: the fast run and the traced
 * run of level `all` give the same bits on inputs that nobody chose (DESIGN
 * section 5). Where they do not, the machine could not open what it commits to,
 * and executes the model plainly.
 *
 * @throws LynodeError when the runner fails.
 */
export async function nativeAgrees(options: {
  runner: Runner
  model: ModelFile
  /** Blob directory for what the runs give. */
  spool: string
}): Promise<boolean> {
  const { runner, model, spool } = options
  const { values } = model.manifest
  const of = (kind: ManifestValue['kind']) =>
    values
      .filter((value) => value.kind === kind)
      .map(({ name, type }) => ({ name, type }))
  const outputs = of('output')
  for (let seed = 0; seed < trials; seed++) {
    const shared = {
      inputs: trialInputs(model.manifest, seed),
      outputs,
      spool,
      mode: 'native',
    } as const
    const fast = await runner.trace({
      ...shared,
      model: { path: await model.nativePath() },
    })
    const traced = await runner.trace({
      ...shared,
      model: { path: await model.tracedPath() },
    })
    const roots = (result: typeof fast) =>
      result.outputs.map(({ dataRoot }) => dataRoot).join()
    if (roots(fast) !== roots(traced)) return false
  }
  return true
}
