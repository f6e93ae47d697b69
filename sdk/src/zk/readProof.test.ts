import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeProof } from './encodeProof.js'
import { fieldOrder } from './fieldElements.js'
import { readProof } from './readProof.js'

const middle = (fieldOrder - 1n) / 2n
const little = (value: bigint) =>
  value.toString(16).padStart(64, '0').match(/../g)?.reverse().join('')

test('default: what is written is read', () => {
  const proof = { proof: '0x0102ff' as const, instances: [0n, 5n, -7n] }
  expect(readProof(encodeProof(proof))).toEqual(proof)
})

test('behavior: hex_proof, which the engine does not bind, does not count', () => {
  const json = JSON.parse(
    new TextDecoder().decode(encodeProof({ proof: '0x01', instances: [] })),
  )
  const other = { ...json, hex_proof: '0x02' }
  expect(readProof(bytes(other)).proof).toBe('0x01')
})

test.each([
  ['R', fieldOrder],
  ['beyond R', fieldOrder + 1n],
  ['(R - 1) / 2, which is no number of a circuit', middle],
  ['(R + 1) / 2, neither', middle + 1n],
])('error: an instance %s', (_, element) => {
  const file = { proof: [1], instances: [[little(element)]] }
  expect(() => readProof(bytes(file))).toThrow('LY-ZK-014')
})

test('behavior: elements at 0 and R - 1', () => {
  const file = {
    proof: [1],
    instances: [[little(0n), little(fieldOrder - 1n)]],
  }
  expect(readProof(bytes(file)).instances).toEqual([0n, -1n])
})

test('error: anything else has the same name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      expect(() => readProof(new TextEncoder().encode(text))).toThrow(
        'LY-ZK-014',
      )
    }),
  )
})

function bytes(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json))
}
