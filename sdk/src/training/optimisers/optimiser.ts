import type { StepBuilder } from '../stepBuilder.js'

/** How parameters follow from gradients. */
export type OptimiserOptions =
  /** Stochastic gradient descent; `momentum` 0 by default. */
  | {
      kind: 'sgd'
      momentum?: number | undefined
      weightDecay?: number | undefined
    }
  /** Adam; with `decoupled` weight decay (default) it is AdamW. */
  | {
      kind: 'adam'
      beta1?: number | undefined
      beta2?: number | undefined
      epsilon?: number | undefined
      weightDecay?: number | undefined
      decoupled?: boolean | undefined
    }

export type OptimiserContext = {
  builder: StepBuilder
  /** Flat vectors: the parameters and the gradient of the loss by them. */
  parameters: string
  gradient: string
  /** Flat carried vectors, in the order of `OptimiserShape.moments`. */
  moments: readonly string[]
  /** The entry of a table of numbers, one a step, for this step. */
  table(values: readonly number[]): string
  /** Learning rate of each step. */
  rates: readonly number[]
}

export type Optimiser = {
  /** Names of the carried vectors besides the parameters, which start as zeros. */
  moments: readonly string[]
  /** The new moments, then the new parameters, which follow from them. */
  update(context: OptimiserContext): { moments: string[]; parameters: string }
}
