import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { program } from '../program.js'
import { completionScript, type Shell, shells } from './completionScript.js'
import { describeProgram } from './describeProgram.js'

const commands = describeProgram(program())

/** What bash offers behind some words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const typed = ['lynode', ...words]
  const { stdout, stderr, status } = spawnSync('bash', {
    input: [
      completionScript('bash', commands),
      `COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${typed.length - 1}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash
      '_lynode; printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n'),
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout.split('\n').filter((word) => word !== '')
}

describe.runIf(isThere('bash'))('bash', () => {
  test('default: commands', () => {
    expect(offered('')).toEqual(commands[0]?.subcommands.map((one) => one.word))
    expect(offered('j')).toEqual(['jobs'])
    expect(offered('jobs', 's')).toEqual(['show', 'skipped'])
  })

  test('default: options, and values that are one of a list', () => {
    expect(offered('jobs', 'ls', '--l')).toEqual(['--limit'])
    expect(offered('completion', '')).toEqual([...shells])
    expect(offered('model', 'publish', '--derive', 'f')).toEqual(['fused'])
  })

  test('behavior: a value is no command, and options may come anywhere', () => {
    expect(offered('jobs', 'ls', '--limit', '')).toEqual([])
    expect(offered('model', 'publish', '--out', 'run', '--derive', '')).toEqual(
      ['none', 'fused', 'all'],
    )
    expect(offered('stake', '1', '')).toEqual([])
  })
})

test.runIf(isThere('fish'))('default: fish offers the same', () => {
  const file = written('fish')
  const inFish = (line: string) =>
    spawnSync('fish', ['-c', `source ${file}; complete -C '${line}'`], {
      encoding: 'utf8',
    })
      .stdout.split('\n')
      .map((offer) => offer.split('\t')[0])
      .filter((word) => word !== '')
  expect(inFish('lynode j')).toEqual(['jobs'])
  expect(inFish('lynode jobs s')).toEqual(['show', 'skipped'])
  expect(inFish('lynode jobs ls --l')).toEqual(['--limit'])
  expect(inFish('lynode model publish --derive f')).toEqual(['fused'])
  expect(inFish('lynode completion ')).toEqual(
    expect.arrayContaining([...shells]),
  )
})

describe.each(['zsh', 'fish'] as const)('%s', (shell) => {
  const script = completionScript(shell, commands)

  test('default: it knows every command and every option', () => {
    for (const { subcommands, options } of commands) {
      for (const { word } of subcommands) expect(script).toContain(word)
      for (const { word } of options)
        expect(script).toContain(shell === 'zsh' ? `*${word}[` : word.slice(2))
    }
  })

  test.runIf(isThere(shell))('behavior: the shell can read it', () => {
    const { stderr, status } = spawnSync(shell, ['-n', written(shell)], {
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})

/** Path of a file with the script of a shell. */
function written(shell: Shell): string {
  const file = join(mkdtempSync(join(tmpdir(), 'lynode-completion-')), shell)
  writeFileSync(file, completionScript(shell, commands))
  return file
}

/** CI has every shell: there none is left out. */
function isThere(shell: string): boolean {
  return (
    process.env['CI'] === 'true' ||
    spawnSync(shell, ['-c', 'true']).status === 0
  )
}
