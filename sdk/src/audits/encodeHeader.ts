import {
  type Block,
  type Hex,
  keccak256,
  numberToHex,
  type RpcBlock,
  toRlp,
} from 'viem'
import { LynodeError } from '../errors/lynodeError.js'

/** Fields of a header in the order of the yellow paper, as `eth_getBlockByNumber` names them; later forks add to the end. */
const fields = [
  'parentHash',
  'sha3Uncles',
  'miner',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'mixHash',
  'nonce',
  'baseFeePerGas',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const

/** What the protocol counts; all else is bytes of a fixed length. */
const quantities: ReadonlySet<string> = new Set([
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'baseFeePerGas',
  'blobGasUsed',
  'excessBlobGas',
])

/**
 * RLP of a block's header, as `fallbackSeed` takes it.
 *
 * @param block - As a node gives it, by `eth_getBlockByNumber` or viem's `getBlock`.
 * @throws LynodeError `LY-CHAIN-004` when it does not hash to the block's hash: the chain has other headers.
 * @example
 * const header = encodeHeader(await client.request({ method: 'eth_getBlockByNumber', params: ['latest', false] }))
 */
export function encodeHeader(block: RpcBlock | Block): Hex {
  const given = block as unknown as Record<string, bigint | Hex | undefined>
  const list: Hex[] = []
  for (const name of fields) {
    const value = given[name]
    // Fields of forks that the chain does not have.
    if (value === undefined || value === null) continue
    if (!quantities.has(name)) list.push(value as Hex)
    else list.push(quantity(BigInt(value)))
  }
  const header = toRlp(list)
  if (keccak256(header) !== block.hash)
    throw new LynodeError('LY-CHAIN-004', {
      details: `header of block ${BigInt(block.number ?? 0n)}`,
    })
  return header
}

/** Without leading zeros: 0 is the empty string. */
function quantity(value: bigint): Hex {
  if (value === 0n) return '0x'
  const hex = numberToHex(value)
  return hex.length % 2 === 0 ? hex : `0x0${hex.slice(2)}`
}
