import { parametersAbi } from '../abis/parametersAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

/** Arguments of `VersionPublished`. */
export type PublishParametersEvent = { version: number }

/**
 * Publishes the parameter changes that are due, as a new version for jobs to come; open to all (`Parameters.publish`).
 *
 * @example
 * const { event } = await publishParameters.sync(client, {})
 */
export const publishParameters: WriteAction<
  Record<never, never>,
  PublishParametersEvent
> = writeAction({
  contract: 'parameters',
  abi: parametersAbi,
  functionName: 'publish',
  args: () => [],
  eventName: 'VersionPublished',
})
