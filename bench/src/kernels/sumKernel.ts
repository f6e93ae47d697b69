import type { ProbedSum } from '@lynode/runtime'
import type { ModelParts } from '@lynode/sdk'

/** A kernel of the runtime at one size. */
export type SumKernel = ProbedSum & {
  name: string
  /** Whether a profile may hold its order: a product by a matrix of weights. */
  byWeight: boolean
}

/** A node of a probe. */
export type ProbeNode = ModelParts['nodes'][number]
