import { type Command, CommanderError } from '@commander-js/extra-typings'
import { LynodeError } from '@lynode/sdk'
import { printError } from './output/output.js'
import { program } from './program.js'

/**
 * Runs one command line.
 *
 * @param args - Without node and the program: `['run', modelId, '--json']`.
 * @returns The exit status: 0, 1 after an error, 75 after one that may not come again.
 */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json')
  const lynode = program()
  for (const command of withChildren(lynode as unknown as Command)) {
    command.exitOverride()
    // The error itself is printed below, once, in the form that was asked for.
    command.configureOutput({ outputError: () => undefined })
  }
  try {
    await lynode.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0 || error.code === 'commander.help') return 0
      printError(
        new LynodeError('LY-CLI-001', {
          details: error.message.replace(/^error: /, ''),
          cause: error,
        }),
        { json },
      )
      return 1
    }
    printError(error, { json })
    // As the daemons do: a script may call again.
    return error instanceof Error &&
      'retryable' in error &&
      error.retryable === true
      ? 75
      : 1
  }
}

function withChildren(command: Command): Command[] {
  return [
    command,
    ...command.commands.flatMap((child) =>
      withChildren(child as unknown as Command),
    ),
  ]
}
