import type { LynodeClient } from '../clients/lynodeClient.js'
import type { RunResult } from './followJob.js'
import {
  type ModelReference,
  type OutputsOf,
  type RunParameters,
  type RunState,
  runStates,
} from './runStates.js'

/**
 * Buys one execution of a model: uploads the inputs, signs and announces an
 * order, waits for a provider, fetches the outputs and checks every byte of them
 * against the root that the provider has staked on.
 *
 * @param parameters.onState - Called with each state of {@link runStates}.
 * @returns Outputs, verification class, price, and when the result is final.
 * @throws LynodeError as {@link runStates}.
 * @example
 * const { outputs } = await run(client, { model, inputs: { x: [1, 2, -3, 0.5] }, maxPrice })
 * console.log(outputs.y.data, outputs.y.dims)
 */
export async function run<const model extends ModelReference>(
  client: LynodeClient,
  parameters: RunParameters<model> & {
    onState?: ((state: RunState<model>) => void) | undefined
  },
): Promise<RunResult<OutputsOf<model>>> {
  const states = runStates<model>(client, parameters)
  for (;;) {
    const next = await states.next()
    if (next.done === true) return next.value
    parameters.onState?.(next.value)
  }
}
