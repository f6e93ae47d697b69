import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contractErrors, operators } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { addressBook } from '../examples/fixtures.js'

// The normative documents are complete: what the code names has its place there.

const workspace = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(workspace, path), 'utf8')
const protocol = read('docs/protocol.md')
const operatorsPage = read('docs/operators.md')

/** Sources of a folder, those of tests left out. */
function sourcesOf(folder: string, extension: string): string[] {
  return readdirSync(join(workspace, folder), { recursive: true })
    .map(String)
    .filter(
      (file) =>
        file.endsWith(extension) && !/\.test\.|\/generated\//.test(file),
    )
    .map((file) => read(join(folder, file)))
}

const solidity = sourcesOf('contracts', '.sol')
const typescript = ['sdk', 'runtime', 'node', 'verifier', 'cli'].flatMap(
  (name) => sourcesOf(`${name}/src`, '.ts'),
)

/** Numbers in a text, ranges such as `47..51` taken apart. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/(\d+)(?:\.\.(\d+))?/g)].flatMap(
    ([, first, last = first]) =>
      Array.from(
        { length: Number(last) - Number(first) + 1 },
        (_, i) => Number(first) + i,
      ),
  )
}

test('default: every opcode is in the table, and has its operators page', () => {
  const codes = [...new Set(operators.map(({ checker }) => checker.opcode))]
  expect(codes.length).toBeGreaterThan(70)
  const [, section = ''] = protocol.split('## 8. Opcodes')
  const table = section.split('## 9.')[0] ?? ''
  const listed = [
    ...table.matchAll(/\| *(\d+(?:(?:\.\.|, )\d+)?) *(?=\|)/g),
    ...table.matchAll(/\b(2[5-9]\d) [A-Z]/g),
  ].flatMap(([, text = '']) => numbersIn(text))
  expect(codes.filter((code) => !listed.includes(code))).toEqual([])
  const explained = numbersIn(
    [...operatorsPage.matchAll(/^(?:## |\||- \*).*$/gm)].join('\n'),
  )
  expect(codes.filter((code) => !explained.includes(code))).toEqual([])
})

test('default: every rule that the code names is in the table of rules', () => {
  const [, section = ''] = protocol.split('## 13. The rules by number')
  const listed = [...section.matchAll(/^\| ([A-F]\d+) \|/gm)].map(
    ([, rule]) => rule,
  )
  expect(new Set(listed).size).toBe(listed.length)
  const named = [...solidity, ...typescript].flatMap((text) =>
    // `(A2)`, `(A2, A3)`, `RULES B8`: nothing else looks like that in a comment.
    [
      ...text.matchAll(
        /(?:RULES |\()((?:[A-F]\d{1,2})(?:(?:, | and )[A-F]\d{1,2})*)\b/g,
      ),
    ].flatMap(([, list = '']) => list.split(/, | and /)),
  )
  expect(named.length).toBeGreaterThan(100)
  expect([...new Set(named)].filter((rule) => !listed.includes(rule))).toEqual(
    [],
  )
})

test('default: every error of the contracts has a code, and its page is there', () => {
  // Of the contracts that an address book names: libraries explain nothing to anybody.
  const contracts = Object.keys(addressBook.contracts)
  const declared = solidity.flatMap((text) =>
    [...text.matchAll(/^ *error (\w+)\(/gm)]
      .map(([, name = '']) => name)
      .filter((name) => {
        const [contract = ''] = name.split('_')
        return contracts.includes(
          contract.charAt(0).toLowerCase() + contract.slice(1),
        )
      }),
  )
  expect(declared.length).toBeGreaterThan(100)
  const known: Record<string, string> = contractErrors
  expect(declared.filter((name) => known[name] === undefined)).toEqual([])
  const pages = readdirSync(join(workspace, 'docs/errors'))
  expect(
    Object.values(known).filter((code) => !pages.includes(`${code}.md`)),
  ).toEqual([])
  expect(protocol).toContain('](refusals.md)')
})

test('default: every tag that is hashed before content is described', () => {
  const tags = [...solidity, ...typescript].flatMap((text) =>
    [...text.matchAll(/\bH\((0x[0-9a-f]{2}) \|/g)].map(([, tag = '']) => tag),
  )
  expect(tags).not.toEqual([])
  expect([...new Set(tags)].filter((tag) => !protocol.includes(tag))).toEqual(
    [],
  )
})
