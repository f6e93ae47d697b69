import type { Command } from '@commander-js/extra-typings'
import { expect, test } from 'vitest'
import { program } from '../program.js'

/** Every command without subcommands, by its full name. */
function leaves(command: Command, name = ''): [string, Command][] {
  return command.commands.flatMap((child) => {
    const full = `${name} ${child.name()}`.trim()
    return child.commands.length > 0
      ? leaves(child as unknown as Command, full)
      : [[full, child as unknown as Command] as [string, Command]]
  })
}

const commands = leaves(program() as unknown as Command)
const market = commands.filter(([name]) =>
  /^(order|offer|bid|cancel|jobs (ls|skipped))/.test(name),
)

test.each(market)('behavior: %s has --json and examples', (_, command) => {
  expect(command.options.map(({ long }) => long)).toContain('--json')
  let help = ''
  command.configureOutput({
    writeOut: (text) => {
      help += text
    },
  })
  command.outputHelp()
  expect(help).toContain('Examples:\n  lynode ')
})

test.each([
  'order post',
  'offer post',
  'offer cancel',
  'bid open',
  'bid commit',
  'bid reveal',
  'bid win',
  'bid close',
  'cancel',
])('behavior: %s asks before it sends', (name) => {
  const [, command] = commands.find(([full]) => full === name) ?? []
  const options = command?.options.map(({ long }) => long)
  expect(options).toContain('--yes')
  expect(options).toContain('--dry-run')
})
