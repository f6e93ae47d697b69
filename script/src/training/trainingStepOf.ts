import { buildTrainingStep, type TrainingStep } from '@lynode/sdk'
import { trainingModels } from './models.js'

/** Batches as the measured models take them. */
const batches = { mlp: 64, convNet: 64, transformer: 16 } as const

/** The step graph of one of the models, with a dataset of ten batches. */
export function trainingStepOf(
  name: keyof typeof trainingModels,
  segment: number,
): TrainingStep {
  const batch = batches[name]
  return buildTrainingStep({
    graph: trainingModels[name](batch),
    loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
    optimiser:
      name === 'convNet' ? { kind: 'sgd', momentum: 0.9 } : { kind: 'adam' },
    schedule: { rate: 0.001, steps: 1_000 },
    trainable: (parameter) => parameter !== 'mask',
    segment,
    data: { samples: 10 * batch, batch, rows: segment },
  })
}
