import { providerSet } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { allowedProof } from './allowedProof.js'

const none = `0x${'00'.repeat(32)}` as const

test('default: anybody, this provider alone, one of several', () => {
  expect(allowedProof({ allowedRoot: none }, undefined, 7)).toEqual([])
  const alone = providerSet([7]).root
  expect(allowedProof({ allowedRoot: alone }, undefined, 7)).toEqual([])
  const { root, proofOf } = providerSet([3, 7, 9])
  expect(allowedProof({ allowedRoot: root }, [3, 7, 9], 7)).toEqual(proofOf(7))
})

test('behavior: nothing when it is not named, or nobody says who is', () => {
  const { root } = providerSet([3, 9])
  expect(allowedProof({ allowedRoot: root }, [3, 9], 7)).toBeUndefined()
  expect(allowedProof({ allowedRoot: root }, undefined, 7)).toBeUndefined()
  expect(allowedProof({ allowedRoot: root }, [3, 7], 7)).toBeUndefined()
})
