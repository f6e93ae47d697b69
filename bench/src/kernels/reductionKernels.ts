import type { ProbeNode, SumKernel } from './sumKernel.js'
import { int, int64s, ints } from './tensors.js'

/** Sums that a run makes. */
const rows = 256

/** Sums and means of one operand. */
export function reductionKernels(terms: number): SumKernel[] {
  const [height, width] = sides(terms)
  const kernel = (
    name: string,
    nodes: ProbeNode[],
    count?: number,
  ): SumKernel => ({
    name,
    byWeight: false,
    terms,
    rows,
    columns: 1,
    count,
    weights: {
      first: int64s(0),
      last: int64s(1),
      picture: int64s(1, rows, height, width),
      column: int64s(rows, 1),
    },
    nodes,
  })
  const toPicture: ProbeNode = ['Reshape', ['rows', 'picture'], ['pictures']]
  const toColumn = (from: string): ProbeNode => [
    'Reshape',
    [from, 'column'],
    ['y'],
  ]
  return [
    kernel('ReduceSum over the last axis', [
      ['ReduceSum', ['rows', 'last'], ['y'], { keepdims: int(1) }],
    ]),
    kernel(
      'ReduceMean over the last axis',
      [['ReduceMean', ['rows'], ['y'], { axes: ints(1) }]],
      terms,
    ),
    kernel('ReduceSum over the first axis', [
      ['Transpose', ['rows'], ['turned'], { perm: ints(1, 0) }],
      ['ReduceSum', ['turned', 'first'], ['sums'], { keepdims: int(0) }],
      toColumn('sums'),
    ]),
    kernel(
      'GlobalAveragePool',
      [
        toPicture,
        ['GlobalAveragePool', ['pictures'], ['means']],
        toColumn('means'),
      ],
      terms,
    ),
    kernel(
      'AveragePool',
      [
        toPicture,
        [
          'AveragePool',
          ['pictures'],
          ['means'],
          { kernel_shape: ints(height, width) },
        ],
        toColumn('means'),
      ],
      terms,
    ),
  ]
}

/** The sides of a picture of so many cells, as near to a square as can be. */
function sides(cells: number): [height: number, width: number] {
  let height = Math.floor(Math.sqrt(cells))
  while (cells % height !== 0) height--
  return [height, cells / height]
}
