import { buildModel, dtypes, profiles, roundingsOf, runOf } from '@lynode/sdk'
import { errorText } from '../errors/errorText.js'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import { type ProductKernel, sumDepth } from './sumDepth.js'

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

/** Rows of the honest product. */
const honestRows = 16

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
    allowed: roundingsOf(terms, runOf(profiles['f32-blocked'])),
    use: await honestUse(runner, kernel, mode),
  }
}

/** Largest error of a product of ordinary numbers, and of equal ones, as a share of the bound. */
async function honestUse(
  runner: Pick<Runner, 'runNode'>,
  kernel: ProductKernel,
  mode: ExecutionMode,
): Promise<number> {
  const { operator, terms, columns, transposed = false } = kernel
  const rows = kernel.single ? 1 : honestRows
  const random = randomFloats(terms)
  const x = Float32Array.from({ length: rows * terms }, (_, i) =>
    // The first row is equal numbers, on which errors of one sign add up.
    i < terms ? 0.7 : random(),
  )
  const w = Float32Array.from({ length: terms * columns }, (_, i) =>
    i % columns === 0 ? 0.3 : random(),
  )
  const weight = Float32Array.from(w)
  if (transposed)
    for (let k = 0; k < terms; k++)
      for (let c = 0; c < columns; c++)
        weight[c * terms + k] = w[k * columns + c] ?? 0
  const { outputs } = await runner.runNode({
    model: {
      bytes: buildModel({
        inputs: { x: [rows, terms] },
        outputs: ['y'],
        weights: {
          w: {
            dtype: dtypes.float32,
            dims: transposed ? [columns, terms] : [terms, columns],
            bytes: new Uint8Array(weight.buffer),
          },
        },
        nodes: [
          operator === 'MatMul'
            ? ['MatMul', ['x', 'w'], ['y']]
            : [
                'Gemm',
                ['x', 'w'],
                ['y'],
                { transB: { type: 'int', value: transposed ? 1n : 0n } },
              ],
        ],
      }),
    },
    mode,
    inputs: [
      {
        name: 'x',
        type: { dtype: dtypes.float32, dims: [rows, terms], perm: [0, 1] },
        source: { bytes: new Uint8Array(x.buffer) },
      },
    ],
    outputs: [
      {
        name: 'y',
        type: { dtype: dtypes.float32, dims: [rows, columns], perm: [0, 1] },
      },
    ],
  })
  const y = new Float32Array(
    (outputs[0]?.data ?? new Uint8Array()).slice().buffer,
  )
  const roundings = roundingsOf(terms, runOf(profiles['f32-blocked']))
  const gamma = roundings / (2 ** 24 - roundings)
  let worst = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      let size = 0
      for (let k = 0; k < terms; k++) {
        const term = (x[row * terms + k] ?? 0) * (w[k * columns + column] ?? 0)
        sum += term
        size += Math.abs(term)
      }
      const error = Math.abs((y[row * columns + column] ?? Number.NaN) - sum)
      // NaN is the worst of all.
      if (!(error / (gamma * size) <= worst)) worst = error / (gamma * size)
    }
  return worst
}

/** Numbers between -1 and 1, the same on every machine: Marsaglia's xorshift. */
function randomFloats(seed: number): () => number {
  let state = 0x9e3779b9 ^ seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 31 - 1
  }
}
