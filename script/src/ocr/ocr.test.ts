import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { alterConvolution } from '../cheats/alterConvolution.js'
import { floatOfBits, floatOfKey } from '../demo/floatOfKey.js'
import { decodeText } from './decodeText.js'
import { ocrDictionary, ocrModelFile } from './ocrModel.js'
import { readPicture } from './readPicture.js'

test('default: the picture is black text on white in -1 .. 1', () => {
  const picture = readPicture(
    fileURLToPath(new URL('../../assets/line.png', import.meta.url)),
  )
  expect(picture).toHaveLength(3 * 48 * 320)
  expect(picture[0]).toBe(1)
  expect(Math.min(...picture)).toBe(-1)
})

test('behavior: text is decoded greedily, repetitions and blanks dropped', () => {
  // Classes: blank, a, b, space. One column each: a a blank a b space.
  const columns = [1, 1, 0, 1, 2, 3].flatMap((best) =>
    [0, 1, 2, 3].map((index) => (index === best ? 0.9 : 0.03)),
  )
  expect(decodeText(Float32Array.from(columns), ['a', 'b'])).toBe('aab ')
  expect(() => decodeText(new Float32Array(5), ['a', 'b'])).toThrow()
})

test('behavior: the dictionary fits the model', () => {
  expect(ocrDictionary()).toHaveLength(6_623)
})

test('behavior: the cheat changes a model and leaves others alone', () => {
  const model = new Uint8Array(readFileSync(ocrModelFile('cls')))
  expect(alterConvolution(model).length).toBeGreaterThan(0)
  expect(alterConvolution(model)).not.toEqual(model)
})

test('behavior: keys are ordered floats', () => {
  expect(floatOfKey(0x3f80_0000n)).toBe(1)
  expect(floatOfKey(-0x3f80_0000n)).toBe(-1)
  expect(floatOfKey(0x7f80_0000n)).toBe(Number.POSITIVE_INFINITY)
  expect(floatOfBits(0xbf80_0000n)).toBe(-1)
})
