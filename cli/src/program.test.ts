import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { describe, expect, test } from 'vitest'
import { commandsOf } from './commandsOf.js'
import {
  documents,
  encodeDocument,
  jsonSchemaOf,
  parseDocument,
} from './output/document.js'
import { program } from './program.js'

function helpOf(command: CommandUnknownOpts): string {
  let help = ''
  command.configureOutput({
    writeOut: (text) => {
      help += text
    },
  })
  command.outputHelp()
  return help
}

function optionsOf(command: CommandUnknownOpts): (string | undefined)[] {
  return command.options.map(({ long }) => long)
}

const commands = commandsOf(program())

/** Words of the command lines of this program that a help text shows. */
function examplesOf(help: string): string[][] {
  const [, examples = ''] = help.split(/^Examples?:$/m)
  return [...examples.matchAll(/(?<![\w/-])lynode ([^\n>)]*)/g)].map(
    ([, line = '']) => [...line.matchAll(/'[^']*'|\S+/g)].map(([word]) => word),
  )
}

/** The command that the first words name. */
function find(words: readonly string[]): CommandUnknownOpts {
  let found: CommandUnknownOpts = program()
  for (const word of words) {
    const child = found.commands.find((one) => one.name() === word)
    if (child === undefined) break
    found = child
  }
  return found
}

/** Its `--yes` allows more than the one transaction that it is about. */
const yesMeansMore = ['run', 'trace verify']

describe.each(commands)('lynode %s', (name, command) => {
  test('behavior: it has --json, and declares its document', () => {
    expect(optionsOf(command)).toContain('--json')
    expect(documents().map((one) => one.command)).toContain(name)
  })

  test('behavior: its help says what it does, by an example too', () => {
    expect(command.description()).not.toBe('')
    const examples = examplesOf(helpOf(command))
    const lines = examples.map((words) => words.join(' '))
    expect(lines.filter((line) => line.startsWith(name))).not.toEqual([])
    for (const words of examples) {
      const named = words.filter((word) => word.startsWith('--'))
      expect(optionsOf(find(words))).toEqual(expect.arrayContaining(named))
    }
  })

  test('behavior: what asks before it sends can show the call alone', () => {
    if (yesMeansMore.includes(name)) return
    const options = optionsOf(command)
    expect(options.includes('--dry-run')).toBe(options.includes('--yes'))
  })
})

test('behavior: no command that was promised is missing', () => {
  const promised =
    'init,doctor,status,config show,config check,keys new,keys import,keys ls,stake,unstake,claim,node start,node drain,verifier start,jobs ls,jobs show,jobs skipped,tx ls,tx bump,tx cancel,model check,model publish,model estimate,run,trace verify,bench,gov ls,gov show,gov vote,devnet,completion,gateway'
  expect(commands.map(([name]) => name)).toEqual(
    expect.arrayContaining(promised.split(',')),
  )
})

test('behavior: every document is of a command, or of all of them', () => {
  const names = [...commands.map(([name]) => name), 'error', 'dry-run']
  expect(
    documents()
      .map(({ command }) => command)
      .filter((name) => !names.includes(name)),
  ).toEqual([])
})

test.each(documents().map((one) => [one.id, one] as const))(
  'behavior: %s is JSON Schema, with its version',
  (id, one) => {
    expect(id).toMatch(/^lynode\.[a-z-]+\/[1-9]\d*$/)
    expect(jsonSchemaOf(one)).toMatchObject({
      $schema: expect.stringContaining('json-schema.org'),
      title: id,
      type: 'object',
      properties: { schema: { const: id } },
      required: expect.arrayContaining(['schema']),
    })
  },
)

test('default: a document reads back as it was', () => {
  const claim = documents().find(({ command }) => command === 'claim')
  if (claim === undefined) throw new Error('no document of claim')
  const result = {
    providerId: 1,
    pool: 2,
    claimed: { wei: 10n ** 30n, text: '1000000000000LYN' },
    to: '0x12',
    transaction: '0x34',
  }
  const { document, mismatch } = encodeDocument(claim, result)
  expect(mismatch).toBeUndefined()
  const json = JSON.parse(JSON.stringify(document))
  expect(json).toMatchObject({
    schema: 'lynode.claim/1',
    claimed: { wei: `${10n ** 30n}` },
  })
  expect(parseDocument(json)).toEqual(result)
})

test('error: a document that misses its schema, or has none', () => {
  expect(() => parseDocument({ schema: 'lynode.claim/1' })).toThrow(/pool/)
  expect(() => parseDocument({ schema: 'lynode.claim/2' })).toThrow(
    'no command prints "lynode.claim/2"',
  )
})

test('behavior: what was done is printed even if it misses its schema', () => {
  const claim = documents().find(({ command }) => command === 'claim')
  if (claim === undefined) throw new Error('no document of claim')
  const { document, mismatch } = encodeDocument(claim, { transaction: '0x34' })
  expect(document).toEqual({ schema: 'lynode.claim/1', transaction: '0x34' })
  expect(mismatch).toContain('pool')
})
