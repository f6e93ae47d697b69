import type { Arithmetic } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import type { TensorType } from '../types/tensorType.js'

/** An ONNX node as an operator sees it when the manifest is built. */
export type OperatorNode = {
  /** ONNX operator name, such as `Conv`. */
  operator: string
  /** Opset version of the standard domain that the file imports. */
  opset: number
  /** ONNX attributes by name; tensors and graphs are not among them. */
  attributes: ReadonlyMap<string, OperatorAttribute>
  /** Types of the ONNX inputs; `undefined` for an absent optional input. */
  inputs: readonly (InputType | undefined)[]
  /** Number of outputs that the node names. */
  outputs: number
}

export type OperatorAttribute =
  | { type: 'int'; value: bigint }
  | { type: 'ints'; value: readonly bigint[] }
  | { type: 'float'; value: number }
  | { type: 'floats'; value: readonly number[] }
  | { type: 'string'; value: string }

/** Type of an ONNX input, with its content where it is a constant. */
export type InputType = {
  dtype: TensorType['dtype']
  dims: readonly number[]
  /** Logical row-major content of a constant: numbers, or bigints for int64. */
  constant?: ArrayLike<number> | ArrayLike<bigint> | undefined
}

/** What an ONNX node becomes in the manifest. */
export type OperatorForm = {
  opcode: number
  /** Signed 32-bit words in the fixed order of the opcode (protocol section 8). */
  attributes: readonly number[]
  /**
   * Verification class of this node; default: that of the checker, and `exact`
   * where no output is a float.
   */
  class?: 'exact' | 'float'
  /** Which ONNX inputs stay values; the others have become attributes. */
  inputs: readonly number[]
  /** Type of each output (dtype and shape). */
  outputs: readonly { dtype: TensorType['dtype']; dims: readonly number[] }[]
  /**
   * Commitment order that each kept input, then each output, should have so
   * that a checker reads contiguous bytes; `undefined` where any order does.
   */
  layouts: readonly (readonly number[] | undefined)[]
  /**
   * Inputs whose elements must not leave `[low, high]`, because the runtime
   * throws outside (C5). Canonicalisation puts a Clip before the node, and a
   * canonical node reads one with such limits.
   */
  bounded?: readonly { input: number; low: number; high: number }[] | undefined
}

/** One element of one output of one node. Twin of `ElementQuery` in Solidity. */
export type ElementQuery = {
  opcode: number
  attributes: readonly number[]
  /** `undefined` for an absent optional input. */
  inputs: readonly (TensorType | undefined)[]
  outputs: readonly TensorType[]
  output: number
  /** Logical (row-major) index of the element. */
  element: number
  /** How an honest machine may compute this node; default `plain`. */
  arithmetic?: Arithmetic | undefined
  /**
   * Terms of the sum behind derived operands, 0 without one: a machine may go on
   * adding to it (docs/operators.md, "Derived operands").
   */
  fused?: number | undefined
}

/** Elements of an operand that a checker reads, in committed indices. */
export type Range = {
  operand: number
  first: number
  count: number
  stride: number
}

/**
 * How a reduction is read part by part, with the result of the whole (RULES A9).
 * Twin of `IPartialChecker`.
 */
export type PartialRule = {
  /** Operands that are cut, as many elements of each; 0 is one of them. */
  cut: readonly number[]
  /** What the verdict reads besides. */
  rest: readonly Range[]
  /** Terms that one part takes. */
  part: number
  /** Most terms of all parts. */
  longest: number
  /** What each part has to be told of the whole, from the float32 words of an operand. */
  hint(words: (operand: number) => readonly number[]): bigint
}

/** The elements that the ranges of one operand name, in their order. */
export type Operand = {
  /** Little-endian bytes of a committed operand; empty for a derived one. */
  data: Uint8Array
  /** One interval an element of a derived operand; empty for a committed one. */
  derived: readonly Interval[]
}

/**
 * Opcodes from here on read in two stages. Twin of `DEPENDENT` in Solidity.
 *
 * @example
 * dependent // 256
 */
export const dependent = 256

/**
 * The twin of an on-chain checker for one opcode. `ranges`, `dependentRanges`
 * and `evaluate` agree with the Solidity checker bit for bit.
 */
export type Checker = {
  opcode: number
  /** `exact`: zero tolerance; `float`: a sound IEEE-754 interval. */
  class: 'exact' | 'float'
  ranges(query: ElementQuery): Range[]
  /**
   * Of opcodes from `dependent` on, and only of them: what `evaluate` reads
   * besides, given what `ranges` named. Names no operand that `ranges` named.
   */
  dependentRanges?(query: ElementQuery, operands: readonly Operand[]): Range[]
  evaluate(query: ElementQuery, operands: readonly Operand[]): Interval
  /** Of reductions, which several transactions can read: twin of `IPartialChecker.parts`. */
  parts?(query: ElementQuery): PartialRule
}

/**
 * One ONNX operator: how it enters a manifest, and how its elements are checked.
 * `form` throws `OperatorError` with a reason when the node is of a form that
 * cannot be checked (protocol section 8, RULES C4 and C5).
 */
export type Operator = {
  /** ONNX operator names that this covers, such as `['Reshape', 'Flatten']`. */
  names: readonly string[]
  checker: Checker
  /** Checkers of further opcodes that `form` gives, such as Gather by data. */
  variants?: readonly Checker[] | undefined
  form(node: OperatorNode): OperatorForm
}

/**
 * A node cannot be checked, with the reason for the admission report.
 *
 * @example
 * new OperatorError('the axis is outside the shape').message
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  /** The input that would have to be a constant, if that is the reason. */
  readonly input: number | undefined

  constructor(message: string, input?: number) {
    super(message)
    this.input = input
  }
}
