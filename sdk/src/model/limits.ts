/**
 * What a model may ask for at most; more is refused before anything is allocated.
 *
 * @example
 * modelLimits.rank // 8
 */
export const modelLimits = {
  /** Versions of the standard operator set. */
  minimumOpset: 9,
  maximumOpset: 26,
  /** ONNX intermediate representation versions. */
  minimumIrVersion: 3,
  maximumIrVersion: 13,
  nodes: 100_000,
  /** Graphs inside graphs, as branches of If have them. */
  subgraphDepth: 32,
  /** Inputs, and outputs, of the graph. */
  bundle: 1024,
  rank: 8,
  /** Bytes of one tensor. */
  tensorBytes: 2_147_483_648,
  /** Bytes of all weights and intermediates together. */
  totalBytes: 17_179_869_184,
  /** Operands or results of a node: u8 in a manifest. */
  operands: 255,
  /** Opened bytes of one element's proof (A9). */
  proofBytes: 100_000,
  /** Bytes of a node's attributes: each of its proofs shows them (A9). */
  attributeBytes: 40_000,
  /** Gas of one element's proof (A9). */
  proofGas: 12_000_000,
  /** Gas from which an element that a witness decides is proved by one (A8). */
  witnessGas: 2_000_000,
  /** Committed values of a trace (A4). */
  activations: 3072,
} as const
