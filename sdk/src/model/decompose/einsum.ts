import { OperatorError } from '../../operators/operator.js'
import { elementCount } from '../../tensor/tensorType.js'
import {
  type Composite,
  firstResult,
  floatDims,
  nameOf,
  stringAttribute,
} from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'

/** A value and the letter of each of its axes. */
type Term = { name: string; letters: string }

/**
 * ONNX Einsum without ellipsis and diagonals: one product of matrices for each
 * further operand, over the letters that nothing behind it names.
 */
export const einsum: Composite = {
  rule: 'becomes ReduceSum, Transpose, Reshape and MatMul',
  expand(composite, build) {
    const { node } = composite
    const equation = stringAttribute(node, 'equation', '').replace(/\s/g, '')
    const { terms, result } = parse(equation, node.inputs.length)
    const sizes = new Map<string, number>()
    terms.forEach((letters, input) => {
      const dims = floatDims(composite, input)
      if (dims.length !== letters.length)
        throw new OperatorError(
          `Einsum: ${letters} names ${letters.length} axes of ${dims.length}`,
        )
      dims.forEach((size, axis) => {
        const letter = letters[axis] ?? ''
        if ((sizes.get(letter) ?? size) !== size)
          throw new OperatorError(
            `Einsum: axes of two sizes are called ${letter}`,
          )
        sizes.set(letter, size)
      })
    })
    for (const letter of result)
      if (!sizes.has(letter))
        throw new OperatorError(`Einsum: nothing has the axis ${letter}`)
    if (result === '')
      throw new OperatorError('Einsum to a scalar has no checker')

    const writer = new Writer(build, sizes)
    const operands = terms.map((letters, i) => ({
      name: nameOf(composite, i) ?? '',
      letters,
    }))
    // Letters that something behind an operand names stay.
    const behind = (i: number) => `${terms.slice(i + 1).join('')}${result}`
    const [first, ...others] = operands as [Term, ...Term[]]
    const all = others.reduce(
      (left, right, i) => writer.product(left, right, behind(i + 1)),
      others.length > 0 ? first : writer.sum(first, result),
    )
    const perm = [...result].map((letter) => all.letters.indexOf(letter))
    build.add(
      'Transpose',
      [all.name],
      { perm: { type: 'ints', value: perm.map(BigInt) } },
      firstResult(node),
    )
  },
}

/** The letters of the operands and of the result. */
function parse(
  equation: string,
  inputs: number,
): { terms: string[]; result: string } {
  const [left = '', given, ...rest] = equation.split('->')
  const terms = left.split(',')
  const letters = [...terms.join('')]
  const result =
    given ??
    [...new Set(letters)]
      .filter(
        (letter) => letters.indexOf(letter) === letters.lastIndexOf(letter),
      )
      .sort()
      .join('')
  const plain = [...terms, result].every(
    (term) => /^[A-Za-z]*$/.test(term) && new Set(term).size === term.length,
  )
  if (rest.length > 0 || terms.length !== inputs || !plain)
    throw new OperatorError(
      `Einsum: ${JSON.stringify(equation)} has no checker; letters, each once in a term, have one`,
    )
  return { terms, result }
}

class Writer {
  constructor(
    private readonly build: NodeBuilder,
    private readonly sizes: ReadonlyMap<string, number>,
  ) {}

  /** The sum over all letters but the ones that are kept. */
  sum({ name, letters }: Term, kept: string): Term {
    const axes = [...letters]
      .map((_, axis) => axis)
      .filter((axis) => !kept.includes(letters[axis] ?? ''))
    if (axes.length === 0) return { name, letters }
    return {
      name: this.build.reduce('ReduceSum', name, axes, { keep: false }),
      letters: [...letters].filter((letter) => kept.includes(letter)).join(''),
    }
  }

  /** The product of two operands, summed over the letters that are not kept. */
  product(left: Term, right: Term, kept: string): Term {
    const a = this.sum(left, `${right.letters}${kept}`)
    const b = this.sum(right, `${left.letters}${kept}`)
    const shared = [...a.letters].filter((letter) => b.letters.includes(letter))
    const batch = shared.filter((letter) => kept.includes(letter)).join('')
    const summed = shared.filter((letter) => !kept.includes(letter)).join('')
    const only = (one: Term, other: Term) =>
      [...one.letters]
        .filter((letter) => !other.letters.includes(letter))
        .join('')
    const [rows, columns] = [only(a, b), only(b, a)]
    const letters = `${batch}${rows}${columns}`
    if (letters === '')
      throw new OperatorError('Einsum to a scalar has no checker')
    const product = this.build.add('MatMul', [
      this.grouped(a, [batch, rows, summed]),
      this.grouped(b, [batch, summed, columns]),
    ])
    return { name: this.shaped(product, letters), letters }
  }

  /** With its axes in this order, each group as one axis; an empty first one is none. */
  private grouped(term: Term, groups: readonly string[]): string {
    const order = [...groups.join('')].map((letter) =>
      term.letters.indexOf(letter),
    )
    const moved = order.every((axis, i) => axis === i)
      ? term.name
      : this.build.transpose(term.name, order)
    const [batch = '', ...others] = groups
    const dims = [...(batch === '' ? [] : [batch]), ...others].map((group) =>
      elementCount(this.dimsOf(group)),
    )
    return this.build.reshape(moved, dims)
  }

  private shaped(name: string, letters: string): string {
    return this.build.reshape(name, this.dimsOf(letters))
  }

  private dimsOf(letters: string): number[] {
    return [...letters].map((letter) => this.sizes.get(letter) ?? 1)
  }
}
