import { commandsOf, documents, program } from 'lynode'

/** A command as its help describes it. */
export type CommandPage = {
  name: string
  help: string
  schema: string | undefined
}

declare const data: CommandPage[]

export { data }

export default {
  load(): CommandPage[] {
    return commandsOf(program()).map(([name, command]) => ({
      name,
      help: helpOf(command),
      schema: documents().find((one) => one.command === name)?.id,
    }))
  },
}

function helpOf(command: ReturnType<typeof commandsOf>[number][1]): string {
  let help = ''
  command.configureOutput({
    getOutHelpWidth: () => 100,
    writeOut: (text) => {
      help += text
    },
  })
  command.outputHelp()
  return help.trim()
}
