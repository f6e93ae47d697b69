import { describe, expect, test } from 'vitest'
import { carriedScenario } from '../vectors/scenarios.js'
import { checkDocument } from './checkDocuments.js'
import {
  parseInputsDocument,
  parseResultDocument,
  parseTraceDocument,
} from './documents.js'
import {
  inputRootOf,
  resultRootOf,
  segmentLeaf,
  traceRootOf,
  treeOfRoots,
} from './roots.js'

const scenario = carriedScenario()
const { manifest } = scenario
const { inputs, result, trace } = scenario.commitments(1)
const roots = scenario.roots(1)
const copy = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document))

describe('default: a document that is parsed again has its root', () => {
  test('inputs', () => {
    const parsed = parseInputsDocument(copy(inputs))
    checkDocument(manifest, parsed, 3)
    expect(inputRootOf(parsed)).toBe(roots.inputRoot)
    // B4: bundle 0 holds all inputs, later ones what is not carried.
    expect(parsed.steps.map((step) => step.length)).toEqual([3, 2, 2])
  })

  test('result', () => {
    const parsed = parseResultDocument(copy(result))
    checkDocument(manifest, parsed, 3)
    expect(resultRootOf(parsed)).toBe(roots.resultRoot)
  })

  test('trace', () => {
    const parsed = parseTraceDocument(copy(trace))
    checkDocument(manifest, parsed, 3)
    expect(traceRootOf(parsed)).toBe(roots.traceRoot)
  })
})

test('behavior: a leaf of a result root is one segment (B8)', () => {
  const empty = treeOfRoots([]).root
  expect(
    resultRootOf({
      kind: 'result',
      segment: 1,
      steps: [{ carried: [], outputs: [] }],
    }),
  ).toBe(treeOfRoots([segmentLeaf(empty, treeOfRoots([empty]).root)]).root)
})

describe('error: documents that do not fit', () => {
  const refused = expect.objectContaining({ code: 'LY-DAT-002' })

  test('other tensors than the model has (B1)', () => {
    const without = { ...inputs, steps: inputs.steps.slice(1) }
    expect(() => checkDocument(manifest, without, 3)).toThrow(refused)
    const swapped = {
      ...result,
      steps: result.steps.map(({ carried }) => ({ carried, outputs: [] })),
    }
    expect(() => checkDocument(manifest, swapped, 3)).toThrow(refused)
    const turned = {
      ...trace!,
      tensors: trace!.tensors.map((tensor) => ({ ...tensor, perm: [1, 0] })),
    }
    expect(() => checkDocument(manifest, turned, 3)).toThrow(refused)
  })

  test.each([
    ['nothing', null],
    ['a list', []],
    ['another kind', { ...inputs, kind: 'result' }],
    ['a field too many', { ...inputs, more: 1 }],
    ['no list', { kind: 'inputs', steps: {} }],
    ['no tensor', { kind: 'inputs', steps: [[1]] }],
    ...(
      [
        ['dtype', 99],
        ['dims', [0]],
        ['dims', [2 ** 40, 3]],
        ['perm', [0, 0]],
        ['dataRoot', '0x12'],
        ['dataRoot', `0x${'AB'.repeat(32)}`],
      ] as const
    ).map(([key, value]): [string, unknown] => [
      `a wrong ${key}`,
      {
        kind: 'inputs',
        steps: [[{ ...inputs.steps[0]![0]!, [key]: value }]],
      },
    ]),
  ])('%s', (_, json) => {
    expect(() => parseInputsDocument(json)).toThrow(refused)
  })
})
