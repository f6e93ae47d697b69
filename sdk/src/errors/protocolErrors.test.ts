import { type Abi, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { checkerAbi } from '../abis/checkerAbi.js'
import { checkerRegistryAbi } from '../abis/checkerRegistryAbi.js'
import { receiptsAbi } from '../abis/receiptsAbi.js'
import { protocolErrors } from './protocolErrors.js'

test('behavior: errors that are written by hand are those of the contracts', () => {
  const selectors = (abi: Abi) =>
    abi.flatMap((item) =>
      item.type === 'error'
        ? [
            toFunctionSelector(
              `${item.name}(${item.inputs.map(({ type }) => type).join()})`,
            ),
          ]
        : [],
    )
  const known = new Set(selectors(protocolErrors))
  for (const abi of [checkerAbi, checkerRegistryAbi, receiptsAbi]) {
    expect(selectors(abi)).not.toEqual([])
    for (const selector of selectors(abi)) expect(known).toContain(selector)
  }
})
