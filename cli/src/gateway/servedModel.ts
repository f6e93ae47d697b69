import type { ClassName, Hex, ModelInterface } from '@lynode/sdk'

/** When a caller gets its answer: verified outputs, or undisputable ones. */
export type Wait = 'delivered' | 'final'

/** A model that the gateway offers under a name. */
export type ServedModel = {
  name: string
  version: string
  modelId: Hex
  class: ClassName
  interface: ModelInterface
  /** Most that one request may pay, in wei. */
  maxPrice: bigint
}
