import { describe, expect, test } from 'vitest'
import { parseConstants } from './parseConstants.js'
import { parseId } from './parseId.js'
import { parseInputs } from './parseInputs.js'
import { parsePercent } from './parsePercent.js'
import { parseShapes } from './parseShapes.js'

const code = (code: string) => expect.objectContaining({ code })

describe('--constant', () => {
  test('default: names and values', () => {
    expect(parseConstants(['sr=16000', 'w=-1,0.5'])).toEqual({
      sr: [16000],
      w: [-1, 0.5],
    })
    expect(parseConstants()).toEqual({})
  })

  test.each(['x', 'x=', 'x=1,', 'x=one', '=1'])('error: %s', (text) => {
    expect(() => parseConstants([text])).toThrow(code('LY-MDL-005'))
  })

  test('error: twice', () => {
    expect(() => parseConstants(['x=1', 'x=1'])).toThrow(code('LY-MDL-005'))
  })
})

describe('--shape', () => {
  test('default: names and sizes', () => {
    expect(parseShapes(['x=1,3,48,320', 'mask:0=7'])).toEqual({
      x: [1, 3, 48, 320],
      'mask:0': [7],
    })
    expect(parseShapes()).toEqual({})
  })

  test.each([
    'x',
    'x=',
    'x=1,',
    'x=1,0',
    'x=-1',
    'x=1.5',
    'x=1x3',
    '=1',
    `x=${'9'.repeat(20)}`,
  ])('error: %s', (text) => {
    expect(() => parseShapes([text])).toThrow(code('LY-MDL-005'))
  })

  test('error: twice', () => {
    expect(() => parseShapes(['x=1', 'x=2'])).toThrow(/x is given twice/)
  })
})

describe('--input', () => {
  test('default: names and files', () => {
    expect(parseInputs(['x=@a=b.npy'])).toEqual(new Map([['x', 'a=b.npy']]))
  })

  test.each(['x', 'x=x.npy', 'x=@', '=@x.npy'])('error: %s', (text) => {
    expect(() => parseInputs([text])).toThrow(code('LY-INP-004'))
  })

  test('error: twice', () => {
    expect(() => parseInputs(['x=@a', 'x=@b'])).toThrow(code('LY-INP-004'))
  })
})

describe('ids', () => {
  const id = `0x${'aB'.repeat(32)}`

  test('default: 32 bytes', () => {
    expect(parseId(id, 'job')).toBe(id.toLowerCase())
  })

  test.each([id.slice(2), id.slice(0, -1), `${id}0`, ''])(
    'error: %s',
    (text) => {
      expect(() => parseId(text, 'job')).toThrow(code('LY-CLI-001'))
    },
  )
})

describe('shares', () => {
  test.each([
    ['25%', 2_500],
    ['2.5%', 250],
    ['0.05%', 5],
    ['0%', 0],
    ['100%', 10_000],
  ])('default: %s', (text, bps) => {
    expect(parsePercent(text)).toBe(bps)
  })

  test.each([
    '25',
    '',
    '%',
    '100.01%',
    '101%',
    '-1%',
    '2.555%',
    '1e1%',
    '2,5%',
  ])('error: %s', (text) => {
    expect(() => parsePercent(text)).toThrow(code('LY-CLI-001'))
  })
})
