import type { ExecutionProvider } from '../runner/executionProvider.js'

/**
 * Why no test admits an execution provider: what its own specification allows is
 * more than profile 1 does, so that the next driver may do it
 * (docs/operators.md, "WebGPU"). `undefined` of those that a test may admit.
 */
export function outsideProfile(
  provider: ExecutionProvider,
): string | undefined {
  return provider === 'webgpu'
    ? 'WebGPU lets sums and products round either way, and Div, Exp, Log, Sqrt and Tanh be further off than profile 1 does'
    : undefined
}
