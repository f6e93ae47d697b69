import type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** Every command of a program that does something, by its full name: `jobs show`. */
export function commandsOf(
  command: CommandUnknownOpts,
  name = '',
): [name: string, command: CommandUnknownOpts][] {
  return command.commands.flatMap((child) => {
    const full = `${name} ${child.name()}`.trim()
    const acts =
      child.commands.length === 0 || child.registeredArguments.length > 0
    const below = commandsOf(child, full)
    return acts
      ? [[full, child] as [string, CommandUnknownOpts], ...below]
      : below
  })
}
