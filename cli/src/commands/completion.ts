import { Argument, Command } from '@commander-js/extra-typings'
import { z } from 'zod'
import { completionScript, shells } from '../completion/completionScript.js'
import { describeProgram } from '../completion/describeProgram.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const completionDocument = document(
  'completion',
  1,
  z.object({ shell: z.enum(shells), script: z.string() }),
)

/** `lynode completion SHELL`: a script that completes this program's words. */
export function completionCommand() {
  const command = new Command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  source <(lynode completion bash)
  lynode completion zsh > ~/.zsh/completions/_lynode
  lynode completion fish > ~/.config/fish/completions/lynode.fish`,
    )
    .action((shell, options) => {
      let root = command.parent
      while (root?.parent) root = root.parent
      if (root === null) return
      const script = completionScript(shell, describeProgram(root))
      printResult(
        completionDocument,
        { shell, script },
        options,
        (result) => result.script,
      )
    })
  return command
}
