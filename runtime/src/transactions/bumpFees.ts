/** Fees of an EIP-1559 transaction, in wei per gas. */
export type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

/**
 * Fees of a replacement: at least 12.5% more on both fields (nodes ask for 10%
 * on both), at least what the market asks now, and `undefined` above the cap.
 */
export function bumpFees(
  before: Fees,
  market: Fees,
  capWei: bigint,
): Fees | undefined {
  const maxFeePerGas = max(raise(before.maxFeePerGas), market.maxFeePerGas)
  const maxPriorityFeePerGas = max(
    raise(before.maxPriorityFeePerGas),
    market.maxPriorityFeePerGas,
  )
  if (maxFeePerGas > capWei) return undefined
  return {
    maxFeePerGas,
    maxPriorityFeePerGas: min(maxPriorityFeePerGas, maxFeePerGas),
  }
}

/** Fees below a cap; what a market above it does not take has to wait. */
export function capFees(fees: Fees, capWei: bigint): Fees {
  const maxFeePerGas = min(fees.maxFeePerGas, capWei)
  return {
    maxFeePerGas,
    maxPriorityFeePerGas: min(fees.maxPriorityFeePerGas, maxFeePerGas),
  }
}

function raise(fee: bigint): bigint {
  return fee + (fee + 7n) / 8n + (fee === 0n ? 1n : 0n)
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
