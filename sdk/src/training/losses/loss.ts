import type { StepBuilder } from '../stepBuilder.js'

/** What is minimised. `labels` and `target` are new inputs of the step. */
export type LossOptions =
  /** Mean cross-entropy of the softmax of `logits` [..., classes] against classes. */
  | { kind: 'softmaxCrossEntropy'; logits: string; labels?: string | undefined }
  /** Mean of the squared differences. */
  | { kind: 'meanSquaredError'; output: string; target?: string | undefined }
  /** Mean cross-entropy of the sigmoid of `logits` against targets in [0, 1]. */
  | { kind: 'binaryCrossEntropy'; logits: string; target?: string | undefined }
  /** An output of the graph that is the loss itself: one number. */
  | { kind: 'output'; output: string }

/** A loss in the graph, and where its gradient starts. */
export type BuiltLoss = {
  /** Value of one element. */
  loss: string
  /** The value whose gradient is known, and that gradient. */
  seed: readonly [of: string, gradient: string]
}

/** Adds a loss: of a value of the graph and what it should be. */
export type LossBuilder = (
  builder: StepBuilder,
  value: string,
  goal: string,
) => BuiltLoss
