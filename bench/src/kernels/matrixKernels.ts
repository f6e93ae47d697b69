import type { ProbeNode, SumKernel } from './sumKernel.js'
import { int, ones } from './tensors.js'

/** Rows of a matrix of probes. */
const rows = 256

/** Products of a matrix by another: of weights, or computed. */
export function matrixKernels(terms: number): SumKernel[] {
  const kernel = (
    name: string,
    columns: number,
    byWeight: boolean,
    nodes: ProbeNode[],
    transposed = false,
  ): SumKernel => ({
    name,
    byWeight,
    terms,
    rows,
    columns,
    weights: {
      ones: transposed ? ones(columns, terms) : ones(terms, columns),
      single: ones(1),
    },
    nodes,
  })
  return [
    kernel('MatMul by a weight, 512 columns', 512, true, [
      ['MatMul', ['rows', 'ones'], ['y']],
    ]),
    kernel('MatMul by a weight, 1 column', 1, true, [
      ['MatMul', ['rows', 'ones'], ['y']],
    ]),
    kernel('Gemm by a weight, 16 columns', 16, true, [
      ['Gemm', ['rows', 'ones'], ['y']],
    ]),
    kernel(
      'Gemm by a weight that lies transposed, 16 columns',
      16,
      true,
      [['Gemm', ['rows', 'ones'], ['y'], { transB: int(1) }]],
      true,
    ),
    ...[64, 16, 1].map((columns) =>
      kernel(
        `MatMul of two activations, ${columns} column${columns === 1 ? '' : 's'}`,
        columns,
        false,
        [
          // Ones that no optimiser knows: the places of the large terms are inputs.
          ['ReduceMin', ['big'], ['place0'], { keepdims: int(0) }],
          ['Min', ['place0', 'single'], ['atMost1']],
          ['Max', ['ones', 'atMost1'], ['computed']],
          ['MatMul', ['rows', 'computed'], ['y']],
        ],
      ),
    ),
  ]
}
