import type { Daemon } from '@lynode/runtime'
import { type Hex, parseInputsDocument, parseResultDocument } from '@lynode/sdk'
import type { JobTable } from './jobTable.js'

/**
 * What must stay on the disk: model, inputs and result of every job that is
 * locked by us, or delivered and not final, because anybody may demand it until
 * then. Orders that are only considered are touched at every look, which keeps
 * them young.
 */
export async function pinnedRoots(
  { models, documents }: Pick<Daemon, 'models' | 'documents'>,
  jobs: Pick<JobTable, 'active'>,
): Promise<Set<Hex>> {
  const roots = new Set<Hex>()
  for (const { state, order, resultRoot } of jobs.active()) {
    if (state !== 'locked' && state !== 'delivered') continue
    roots.add(await models.fileRootOf(order.modelId))
    roots.add(order.inputRoot)
    if (documents.has(order.inputRoot))
      for (const { dataRoot } of parseInputsDocument(
        await documents.get(order.inputRoot),
      ).steps.flat())
        roots.add(dataRoot)
    if (resultRoot === undefined) continue
    roots.add(resultRoot)
    for (const step of parseResultDocument(await documents.get(resultRoot))
      .steps)
      for (const { dataRoot } of [...step.carried, ...step.outputs])
        roots.add(dataRoot)
  }
  return roots
}
