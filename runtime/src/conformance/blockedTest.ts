import { arithmetics, roundingsOf } from '@lynode/sdk'
import { errorText } from '../errors/errorText.js'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import { productError } from './productError.js'
import type { ProductKernel } from './productKernel.js'
import { sumDepth } from './sumDepth.js'

/** What a kernel was found to do, against what the profile allows. */
export type BlockedCase = {
  kernel: string
  mode: ExecutionMode
  terms: number
  /** Roundings that a term goes through: the additions that it takes part in, and its product's. */
  roundings: number
  /** Most that the profile allows. */
  allowed: number
  /** Largest error of honest sums as a share of the profile's bound. */
  use: number
}

/** Whether the runner's products keep numeric profile 2. */
export type BlockedReport = {
  kept: boolean
  cases: BlockedCase[]
  /** Why not, one line each. */
  faults: string[]
  seconds: number
}

/** Lengths of the sums. */
const lengths = [512, 1_536, 4_096, 11_008] as const

/** Longest sums that are measured in every kernel; longer ones in one. */
const everyKernel = 512

/** Largest error that an honest sum may have, as a share of the bound: room for other operands. */
const mostUse = 0.5

/**
 * Measures the order in which the runner's kernels add the terms of a product by a
 * matrix of weights, natively and plainly: only one that keeps to the blocks of
 * profile `f32-blocked` may run models of that profile, since a sum in another
 * order can be convicted (docs/protocol.md section 3).
 *
 * @returns The verdict; it never throws for what the runner does.
 * @example
 * const { kept, cases } = await blockedTest({ runner })
 */
export async function blockedTest(options: {
  runner: Pick<Runner, 'runNode'>
  /** Default 512, 1,536, 4,096 and 11,008. */
  lengths?: readonly number[] | undefined
}): Promise<BlockedReport> {
  const { runner } = options
  const start = performance.now()
  const cases: BlockedCase[] = []
  const faults: string[] = []
  for (const terms of options.lengths ?? lengths) {
    // One length is enough to refuse.
    if (faults.length > 0) break
    for (const mode of ['plain', 'native'] as const)
      for (const { name, leaves, ...kernel } of kernelsOf(terms)) {
        const what = `${name}, ${terms} terms, ${mode}`
        try {
          const found = await measure(runner, name, kernel, leaves, mode)
          cases.push(found)
          const { roundings, allowed, use } = found
          if (roundings > allowed)
            faults.push(
              `${what}: ${roundings} roundings a term, ${allowed} allowed`,
            )
          if (!(use <= mostUse))
            faults.push(`${what}: an honest error of ${use} of the bound`)
        } catch (error) {
          faults.push(`${what}: ${errorText(error)}`)
        }
      }
  }
  return {
    kept: faults.length === 0,
    cases,
    faults,
    seconds: (performance.now() - start) / 1_000,
  }
}

type Named = ProductKernel & { name: string; leaves: readonly number[] }

/**
 * What is run at a length: whatever decides which kernel and which blocks a runtime
 * takes. The deepest terms stand at the start of a run of additions.
 */
function kernelsOf(terms: number): Named[] {
  const matrix: Named = {
    name: 'MatMul',
    operator: 'MatMul',
    terms,
    columns: 16,
    leaves: terms <= everyKernel ? [0, 1, 255, terms - 1] : [0],
  }
  if (terms > everyKernel) return [matrix]
  const leaves = [0]
  return [
    matrix,
    { ...matrix, name: 'MatMul, many columns', columns: 512, leaves },
    { ...matrix, name: 'MatMul of one row', single: true, leaves },
    { ...matrix, name: 'MatMul of one column', columns: 1, leaves },
    { ...matrix, name: 'Gemm', operator: 'Gemm', leaves },
    {
      ...matrix,
      name: 'Gemm, transposed',
      operator: 'Gemm',
      transposed: true,
      leaves,
    },
  ]
}

async function measure(
  runner: Pick<Runner, 'runNode'>,
  name: string,
  kernel: ProductKernel,
  leaves: readonly number[],
  mode: ExecutionMode,
): Promise<BlockedCase> {
  let depth = 0
  for (const leaf of leaves)
    depth = Math.max(depth, await sumDepth(runner, kernel, leaf, mode))
  const { terms } = kernel
  return {
    kernel: name,
    mode,
    terms,
    roundings: depth + 1,
    allowed: roundingsOf(terms, arithmetics.blocked),
    use: await productError(runner, kernel, mode),
  }
}
