import { buildStep, type Devnet, type Oracle } from 'lynode/devnet'

/**
 * Starts a devnet that has no oracle of its own (`oracle: false`) with one of the
 * test's, which is there before the first daemon.
 *
 * @param steps - What to start of it.
 */
export async function startWithOracle(
  net: Devnet,
  oracleOf: (net: Devnet) => Oracle,
  steps = net.steps(),
): Promise<Oracle> {
  const [chain, deploy, ...daemons] = steps
  for (const step of [buildStep(), chain, deploy])
    await step?.run(() => undefined)
  const oracle = oracleOf(net)
  for (const step of daemons) await step.run(() => undefined)
  return oracle
}
