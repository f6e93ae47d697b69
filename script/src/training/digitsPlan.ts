/** Steps of a segment, and segments of a milestone. */
export const segment = 64
export const segments = 2

/** Milestones of the demo. */
export const milestones = 3

/** In the middle of the first segment of the second milestone. */
export const cheatedStep = segments * segment + 22

/** The plan of the demo, as `lynode train` would read it from a file. */
export const digitsPlan = {
  graph: 'mlp.onnx',
  out: 'run',
  segment,
  loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
  optimiser: { kind: 'adam' },
  schedule: {
    rate: 0.002,
    steps: milestones * segments * segment,
    warmUp: 20,
    decay: 'cosine',
  },
  data: { folder: 'digits', batch: 64, seed: 7 },
  milestone: { segments },
  order: { maxPrice: '15LYN', deliverSeconds: 30 },
  evaluate: { folder: 'held-out', output: 'logits', every: milestones },
}
