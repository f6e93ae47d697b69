import { serveRunner } from '@lynode/runtime/runner'
import { InferenceSession } from 'onnxruntime-node'

// A runner at the optimisation level that its argument names: a provider's own
// takes the levels of its two modes only.

type Options = InferenceSession.SessionOptions
type Level = NonNullable<Options['graphOptimizationLevel']>

const level = process.argv[3] as Level
const create = InferenceSession.create.bind(InferenceSession) as (
  model: Uint8Array,
  options: Options,
) => Promise<InferenceSession>
InferenceSession.create = (model: unknown, options: unknown) =>
  create(model as Uint8Array, {
    ...(options as Options),
    graphOptimizationLevel: level,
    logSeverityLevel: 3, // what falls back to the processor is no news
  })
serveRunner()
