import {
  additionsOf,
  type ExecutionMode,
  errorText,
  type Runner,
} from '@lynode/runtime'
import type { SumKernel } from './sumKernel.js'

/** How many roundings the kernel of a sum puts a term through. */
export type KernelMeasurement = {
  kernel: string
  mode: ExecutionMode
  /** Terms of the sum. */
  terms: number
  /** Additions that a term takes part in at most, and one rounding of its product, or of the mean. */
  roundings: number | undefined
  /** Most that profile 2 would allow. */
  allowed: number
  /** Why nothing was measured. */
  fault?: string
}

/** Measures one kernel; the terms that are looked at stand where runs of additions begin and end. */
export async function measureKernel(
  runner: Pick<Runner, 'runNode'>,
  kernel: SumKernel,
  mode: ExecutionMode,
  allowed: number,
): Promise<KernelMeasurement> {
  const { name, terms } = kernel
  const row = { kernel: name, mode, terms, allowed }
  try {
    let additions = 0
    for (const leaf of [0, terms - 1])
      additions = Math.max(
        additions,
        await additionsOf(runner, kernel, leaf, mode),
      )
    return { ...row, roundings: additions + 1 }
  } catch (error) {
    return { ...row, roundings: undefined, fault: errorText(error) }
  }
}
