import { buildModel, buildTrainingStep, dtypes } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { lossCurve } from './lossCurve.js'
import { parsePlan } from './planFile.js'
import { encodeScalars } from './tensorboard.js'
import { usualSegment } from './usualSegment.js'

const plan = {
  graph: 'm.onnx',
  loss: { kind: 'softmaxCrossEntropy', logits: 'y' },
  optimiser: { kind: 'adam' },
  schedule: { rate: 0.1, steps: 10 },
  data: { folder: 'd', batch: 2 },
}

test('default: paths are beside the plan, amounts are read', () => {
  expect(parsePlan(plan, '/plans')).toMatchObject({
    graph: '/plans/m.onnx',
    out: '/plans/training',
    maxPrice: 15n * 10n ** 18n,
    milestone: { segments: 1 },
    order: { deliverSeconds: 60, attempts: 5 },
    data: { folder: '/plans/d', seed: 1 },
  })
})

test.each([
  ['a setting that does not exist', { ...plan, clap: 1 }],
  ['a segment that is too long', { ...plan, segment: 129 }],
  ['an unknown optimiser', { ...plan, optimiser: { kind: 'lion' } }],
  ['nothing', {}],
])('error: %s', (_, content) => {
  expect(() => parsePlan(content, '/plans')).toThrow(
    expect.objectContaining({ code: 'LY-TRN-002' }),
  )
})

test('behavior: records of an event file have their masked checksums', () => {
  const file = Buffer.from(
    encodeScalars([{ step: 300, tag: 'loss', value: 0.5 }]),
  )
  // The first record: 8 bytes of length, its checksum, the event.
  const length = Number(file.readBigUInt64LE(0))
  expect(file.subarray(12, 12 + length).toString('latin1')).toContain(
    'brain.Event:2',
  )
  const second = 12 + length + 4
  const more = Number(file.readBigUInt64LE(second))
  expect(file.length).toBe(second + 12 + more + 4)
  const event = file.subarray(second + 12, second + 12 + more)
  expect(event.subarray(9, 12)).toEqual(Buffer.of(0x10, 0xac, 0x02))
  expect(event.subarray(-4).readFloatLE()).toBe(0.5)
  // CRC-32C of eight bytes "18 00 ..." as TFRecord masks it: a known value.
  expect(file.readUInt32LE(8)).toBe(maskedCrc(file.subarray(0, 8)))
})

/** By the definition, bit by bit. */
function maskedCrc(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

test('behavior: a curve of the losses alone', () => {
  const svg = lossCurve([
    { step: 1, tag: 'loss', value: 2 },
    { step: 2, tag: 'loss', value: 1 },
    { step: 2, tag: 'accuracy', value: 0.5 },
  ])
  expect(svg).toContain('step 2')
  expect(svg.match(/polyline points="([^"]*)"/)?.[1]?.split(' ')).toHaveLength(
    2,
  )
})

test('behavior: the more state a step has beside its work, the longer a segment', () => {
  const segmentOf = (hidden: number, batch: number) =>
    usualSegment(
      buildTrainingStep({
        graph: buildModel({
          opset: 17,
          inputs: { x: [batch, 64] },
          outputs: ['y'],
          weights: {
            w: {
              dtype: dtypes.float32,
              dims: [64, hidden],
              bytes: new Uint8Array(new Float32Array(64 * hidden).buffer),
            },
          },
          nodes: [['MatMul', ['x', 'w'], ['y']]],
        }),
        loss: { kind: 'meanSquaredError', output: 'y' },
        optimiser: { kind: 'adam' },
        schedule: { rate: 0.1, steps: 10 },
      }),
    )
  expect(segmentOf(64, 1)).toBe(128)
  expect(segmentOf(64, 256)).toBeLessThan(segmentOf(64, 64))
  expect(segmentOf(64, 4_096)).toBeGreaterThanOrEqual(1)
})
