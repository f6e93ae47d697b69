/** Who computes: names of ONNX Runtime's execution providers. */
export const executionProviders = [
  'cpu',
  'cuda',
  'webgpu',
  'coreml',
  'dml',
] as const

/** One of {@link executionProviders}. */
export type ExecutionProvider = (typeof executionProviders)[number]
