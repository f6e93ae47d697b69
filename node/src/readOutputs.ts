import type { Daemon } from '@lynode/runtime'
import { bytesToHex, type TensorDocument, tensorHeader } from '@lynode/sdk'

/** Most bytes of outputs that one call carries: a delivery (A12), a consumer's (D9). */
export const maxOutputBytes = 8_192

/** Outputs of a step as the contracts take them. */
export function readOutputs(
  { reader }: Pick<Daemon, 'reader'>,
  outputs: readonly { tensor: TensorDocument; carried: boolean }[],
) {
  return Promise.all(
    outputs.map(async ({ tensor, carried }) => ({
      header: bytesToHex(tensorHeader(tensor)),
      data: bytesToHex(await reader.read(tensor.dataRoot)),
      carried,
    })),
  )
}
