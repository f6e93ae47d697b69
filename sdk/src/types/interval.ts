/**
 * The set of values that an honest machine can have produced for one element
 * (docs/protocol.md section 6). Twin of `contracts/types/Interval.sol`.
 *
 * - `any`: poison, every output is accepted.
 * - `float`: float32 keys, both ends inclusive.
 * - `integer`: values of an integer dtype, both ends inclusive.
 * - `bits`: one unsigned bit pattern (`low === high`); any NaN equals any NaN.
 */
export type Interval = {
  kind: 'any' | 'float' | 'integer' | 'bits'
  low: bigint
  high: bigint
}
