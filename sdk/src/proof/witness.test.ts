import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Manifest, ManifestValue } from '../types/manifest.js'
import { judgedManifest } from './judgedManifest.js'
import {
  findRival,
  judgeWitness,
  nameWitness,
  offsetsOfWitness,
} from './witness.js'

const length = 24

/** `r` ranked by ArgMax (node 0) and by TopK of 5 (node 1). */
function manifestOf(): Manifest {
  const value = (
    kind: 'input' | 'output',
    dtype: 1 | 7,
    dims: number[],
  ): ManifestValue =>
    ({
      name: '',
      boundary: false,
      kind,
      type: { dtype, dims, perm: dims.map((_, i) => i) },
    }) as unknown as ManifestValue
  return {
    values: [
      value('input', 1, [length]),
      value('output', 7, [1]),
      value('output', 1, [5]),
      value('output', 7, [5]),
      value('output', 1, [1]),
    ],
    nodes: [
      {
        name: 'argmax',
        operator: 'ArgMax',
        opcode: 111,
        inputs: [0],
        outputs: [1],
        attributes: [0, 0],
      },
      {
        name: 'topk',
        operator: 'TopK',
        opcode: 113,
        inputs: [0],
        outputs: [2, 3],
        attributes: [0, 1],
      },
      {
        name: 'max',
        operator: 'ReduceMax',
        opcode: 72,
        inputs: [0],
        outputs: [4],
        attributes: [0],
      },
    ],
    header: { profile: 1 },
  } as unknown as Manifest
}

const manifest = judgedManifest(manifestOf())

/** What an honest machine commits to, highest first, ties to the lowest index. */
function honest(row: readonly number[]) {
  const order = row
    .map((value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value || a.index - b.index)
  const top = order.slice(0, 5)
  return {
    values: [
      bytesOf(Float32Array.from(row)),
      bytesOf(BigInt64Array.of(BigInt(order[0]?.index ?? 0))),
      bytesOf(Float32Array.from(top.map(({ value }) => value))),
      bytesOf(BigInt64Array.from(top.map(({ index }) => BigInt(index)))),
      bytesOf(Float32Array.of(order[0]?.value ?? 0)),
    ],
    order,
  }
}

function bytesOf(array: { buffer: ArrayBufferLike }): Uint8Array {
  return new Uint8Array(array.buffer as ArrayBuffer)
}

function placeOf(values: readonly Uint8Array[], node: number, output: number) {
  return {
    manifest,
    node,
    output,
    element: node === 1 ? 3 : 0,
    read: (index: number, offset: number, count: number) =>
      (values[index] as Uint8Array).subarray(offset, offset + count),
  }
}

const rows = fc.array(fc.integer({ min: -9, max: 9 }), {
  minLength: length,
  maxLength: length,
})
const places = fc.constantFrom<[number, number]>([0, 0], [1, 0], [1, 1], [2, 0])

describe('witnesses', () => {
  it('an honest one never convicts, whatever rival is named', () => {
    fc.assert(
      fc.property(
        rows,
        places,
        fc.nat(length - 1),
        (row, [node, output], rival) => {
          const place = placeOf(honest(row).values, node, output)
          const positions = nameWitness(place)
          expect(positions).toHaveLength(node === 1 ? 4 : 1)
          expect(judgeWitness({ ...place, positions, rival }).fraud).toBe(false)
        },
      ),
    )
  })

  // Two signs of zero, numbers that a machine may flush, and equal ones.
  const untold = fc.array(
    fc.constantFrom(-1, -0, 0, 2 ** -140, 2 ** -130, 1, 2),
    {
      minLength: length,
      maxLength: length,
    },
  )

  it('of a TopK that tells no indices, its values name it', () => {
    const { nodes, ...rest } = manifestOf()
    const silent = judgedManifest({
      ...rest,
      nodes: nodes.map((node, i) =>
        i === 1 ? { ...node, outputs: [2] } : node,
      ),
    })
    fc.assert(
      fc.property(
        untold,
        fc.nat(length - 1),
        fc.boolean(),
        (row, rival, flushes) => {
          // A machine that flushes takes all tiny ones for equal, and gives 0.
          const seen = flushes
            ? row.map((x) => (Math.abs(x) < 2 ** -126 ? 0 : x))
            : row
          const values = honest(seen).values.map((bytes, i) =>
            i === 0 ? bytesOf(Float32Array.from(row)) : bytes,
          )
          const place = { ...placeOf(values, 1, 0), manifest: silent }
          const positions = nameWitness(place)
          expect(new Set(positions).size).toBe(4)
          expect(judgeWitness({ ...place, positions, rival }).fraud).toBe(false)
        },
      ),
    )
    // A value that the row does not hold convicts.
    const { values } = honest(Array.from({ length }, (_, i) => i))
    values[2] = bytesOf(Float32Array.of(23, 22, 21, 20.5, 19))
    const place = { ...placeOf(values, 1, 0), manifest: silent }
    const positions = nameWitness(place)
    expect(judgeWitness({ ...place, positions, rival: 20 }).fraud).toBe(true)
  })

  it('a false extremum falls to one rival, and a result unlike its witness to none', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const { values, order } = honest(row)
        const [best] = order
        const worst = order.at(-1)
        if (best === undefined || worst === undefined) return
        if (best.value === worst.value) return
        const lied = [...values]
        lied[1] = bytesOf(BigInt64Array.of(BigInt(worst.index)))
        const place = placeOf(lied, 0, 0)
        const own = { ...place, positions: nameWitness(place) }
        expect(judgeWitness({ ...own, rival: best.index }).fraud).toBe(true)
        expect(
          judgeWitness({
            ...place,
            positions: [best.index],
            rival: best.index,
          }).fraud,
        ).toBe(true)
      }),
    )
  })

  it('the counter-example is found wherever it is, and none to the truth', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(length - 1), async (row, claim) => {
        const { values, order } = honest(row)
        const lied = [...values]
        lied[1] = bytesOf(BigInt64Array.of(BigInt(claim)))
        const place = placeOf(lied, 0, 0)
        const own = { ...place, positions: nameWitness(place) }
        const rival = await findRival(own)
        if (claim === order[0]?.index) {
          expect(rival).toBeUndefined()
          return
        }
        expect(judgeWitness({ ...own, rival: rival ?? 0 }).fraud).toBe(true)
        // Two elements are opened, not the row.
        expect(offsetsOfWitness({ ...own, rival: rival ?? 0 })).toEqual(
          [claim, rival ?? 0].sort((a, b) => a - b).map((at) => 4 * at),
        )
      }),
    )
  })

  // Kernels that compare next to a NaN give anything (C4): so does an honest provider.
  it.each([
    [0, 0],
    [1, 0],
    [1, 1],
    [2, 0],
  ])('a NaN in the row acquits whatever node %i gave', async (node, output) => {
    const place = placeOf(withWild(Number.NaN), node, output)
    const positions = nameWitness(place)
    expect(positions).toContain(9)
    expect(await findRival({ ...place, positions })).toBeUndefined()
  })

  // Shaders may be compiled not to know infinity either.
  it.each([
    [0, 0],
    [1, 0],
    [1, 1],
    [2, 0],
  ])('under profile 3 so does an infinity, node %i', async (node, output) => {
    const place = placeOf(withWild(-Infinity), node, output)
    const plain = { ...place, positions: nameWitness(place) }
    expect(await findRival(plain)).toBeDefined()
    const shader = { ...place, manifest: { ...manifest, profile: 3 } }
    const positions = nameWitness(shader)
    expect(positions).toContain(9)
    expect(await findRival({ ...shader, positions })).toBeUndefined()
  })

  /** A row with one wild element, and results that are not those of the others. */
  function withWild(wild: number): Uint8Array[] {
    const row = Array.from({ length }, (_, i) => i % 7)
    const other = [...honest(row).values]
    other[0] = bytesOf(Float32Array.from(row, (x, i) => (i === 9 ? wild : x)))
    other[1] = bytesOf(BigInt64Array.of(2n))
    other[2] = bytesOf(Float32Array.of(6, 6, 6, -1, 6))
    other[3] = bytesOf(BigInt64Array.of(6n, 13n, 20n, 2n, 5n))
    other[4] = bytesOf(Float32Array.of(-1))
    return other
  }

  it('positions that decide nothing convict by themselves', () => {
    const place = placeOf(
      honest(Array.from({ length }, (_, i) => i)).values,
      1,
      0,
    )
    for (const positions of [
      [1],
      [20, 20, 21, 22],
      [23, 22, 21, 20],
      [20, 21, 22, 24],
    ])
      expect(judgeWitness({ ...place, positions, rival: 0 }).fraud).toBe(true)
  })
})
