import type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** A word that a shell may offer, and what it says beside it. */
export type CompletionWord = { word: string; about: string }

/** A command as a shell needs to know it. */
export type CompletedCommand = {
  /** Names from the program's on: `lynode jobs show`. */
  path: string[]
  subcommands: CompletionWord[]
  options: CompletedOption[]
  /** Allowed values of each argument in turn; none: a file, or anything. */
  arguments: (readonly string[] | undefined)[]
}

/** An option, with what may stand behind it. */
export type CompletedOption = CompletionWord & {
  takesValue: boolean
  choices: readonly string[] | undefined
}

/** All commands of a program, the program itself first. */
export function describeProgram(
  command: CommandUnknownOpts,
  above: readonly string[] = [],
): CompletedCommand[] {
  const path = [...above, command.name()]
  const help = command.createHelp()
  const subcommands = help
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
  return [
    {
      path,
      subcommands: subcommands.map((child) => ({
        word: child.name(),
        about: child.description(),
      })),
      options: help.visibleOptions(command).map((option) => ({
        word: option.long ?? option.short ?? '',
        about: option.description,
        takesValue: option.required || option.optional,
        choices: option.argChoices,
      })),
      arguments: command.registeredArguments.map(
        ({ argChoices }) => argChoices,
      ),
    },
    ...subcommands.flatMap((child) => describeProgram(child, path)),
  ]
}
