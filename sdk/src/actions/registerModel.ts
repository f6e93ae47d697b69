import type { Address, Hex } from 'viem'
import { modelRegistryAbi } from '../abis/modelRegistryAbi.js'
import type { ModelHeader } from '../types/manifest.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RegisterModelParameters = {
  header: ModelHeader
  royaltyBps?: number | undefined
  /** Bit (class code - 1) of each class. */
  classes: number
}

/** Arguments of `ModelRegistered`. */
export type RegisterModelEvent = {
  modelId: Hex
  publisher: Address
  header: ModelHeader
  royaltyBps: number
  classes: number
  checkerVersion: number
}

/**
 * Registers a model; the first publisher of an id keeps it (`ModelRegistry.register`).
 *
 * @example
 * await registerModel(client, { header: manifest.header, classes: 0b10 })
 */
export const registerModel: WriteAction<
  RegisterModelParameters,
  RegisterModelEvent
> = writeAction({
  contract: 'modelRegistry',
  abi: modelRegistryAbi,
  functionName: 'register',
  args: ({ header, royaltyBps, classes }) => [header, royaltyBps ?? 0, classes],
  eventName: 'ModelRegistered',
})
