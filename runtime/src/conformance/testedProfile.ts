import type { ProfileName } from '@lynode/sdk'
import type { ExecutionProvider } from '../runner/executionProvider.js'

/**
 * The numeric profile by whose allowances the self-test judges an execution
 * provider. WebGPU may by its own specification be where profile 1 has nobody, so
 * that the next driver may be there, whatever this one computes
 * (docs/operators.md, "WebGPU").
 */
export function testedProfile(provider: ExecutionProvider): ProfileName {
  return provider === 'webgpu' ? 'f32-wgsl' : 'f32-plain'
}
