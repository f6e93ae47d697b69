import type { CompletedCommand } from './describeProgram.js'

/** Shells that completion is written for. */
export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

/**
 * A script that completes the words of a program: commands, options, values of
 * options and arguments that are one of a list, and files everywhere else.
 */
export function completionScript(
  shell: Shell,
  commands: readonly CompletedCommand[],
): string {
  const writers = { bash: bashScript, zsh: zshScript, fish: fishScript }
  return writers[shell](commands)
}

/**
 * Bash knows no descriptions: tables by command, and one function that finds
 * out in which command the cursor stands.
 */
function bashScript(commands: readonly CompletedCommand[]): string {
  const program = nameOf(commands)
  const table = (
    name: string,
    entries: readonly (readonly [string, readonly string[]])[],
  ) => [
    `declare -gA _${program}_${name}=(`,
    ...entries
      .filter(([, words]) => words.length > 0)
      .map(([key, words]) => `  [${quote(key)}]=${quote(words.join(' '))}`),
    ')',
  ]
  return [
    `# Completion of ${program} for bash: source <(${program} completion bash)`,
    ...table(
      'subcommands',
      commands.map((one) => [key(one), words(one.subcommands)]),
    ),
    ...table(
      'options',
      commands.map((one) => [key(one), words(one.options)]),
    ),
    ...table(
      'values',
      commands.flatMap((one) => [
        ...one.options
          .filter(({ takesValue }) => takesValue)
          .map(
            ({ word, choices }) =>
              [`${key(one)} ${word}`, choices ?? ['<any>']] as const,
          ),
        ...one.arguments.map(
          (choices, index) => [`${key(one)} ${index}`, choices ?? []] as const,
        ),
      ]),
    ),
    `_${program}() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=${program} option='' word index count=0
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ -n $option ]]; then option=''
    elif [[ $word == -* ]]; then
      [[ -n \${_${program}_values["$command $word"]} ]] && option=$word
    elif [[ " \${_${program}_subcommands["$command"]} " == *" $word "* ]]; then
      command="$command $word" count=0
    else ((count++))
    fi
  done
  local offered
  if [[ -n $option ]]; then offered=\${_${program}_values["$command $option"]}
  elif [[ $current == -* ]]; then offered=\${_${program}_options["$command"]}
  elif ((count == 0)) && [[ -n \${_${program}_subcommands["$command"]} ]]; then
    offered=\${_${program}_subcommands["$command"]}
  else offered=\${_${program}_values["$command $count"]}
  fi
  [[ $offered == '<any>' ]] && return
  mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current")
}
complete -o default -F _${program} ${program}`,
  ].join('\n')
}

function zshScript(commands: readonly CompletedCommand[]): string {
  const program = nameOf(commands)
  return [
    `#compdef ${program}`,
    `# Completion of ${program} for zsh: ${program} completion zsh > a folder of $fpath/_${program}`,
    ...commands.map((command) => {
      const options = command.options.map(
        ({ word, about, takesValue, choices }) =>
          quote(
            `*${word}[${zshText(about)}]${takesValue ? `:value:${choices ? `(${choices.join(' ')})` : '_files'}` : ''}`,
          ),
      )
      const rest =
        command.subcommands.length > 0
          ? ["'1: :->commands'", "'*:: :->rest'"]
          : command.arguments.map((choices) =>
              choices
                ? quote(`:value:(${choices.join(' ')})`)
                : "':file:_files'",
            )
      return [
        `${zshFunction(command.path)}() {`,
        '  local context state line',
        `  _arguments -C ${[...options, ...rest].join(' \\\n    ')}`,
        ...(command.subcommands.length > 0
          ? [
              '  case $state in',
              '  commands)',
              '    local -a commands=(',
              ...command.subcommands.map(
                ({ word, about }) =>
                  `      ${quote(`${word}:${about.replaceAll(':', '\\:')}`)}`,
              ),
              '    )',
              '    _describe command commands',
              '    ;;',
              '  rest)',
              '    case $line[1] in',
              ...command.subcommands.map(
                ({ word }) =>
                  `    ${word}) ${zshFunction([...command.path, word])} ;;`,
              ),
              '    esac',
              '    ;;',
              '  esac',
            ]
          : []),
        '}',
      ].join('\n')
    }),
    `if [[ $funcstack[1] == _${program} ]]; then _${program} "$@"; else compdef _${program} ${program}; fi`,
  ].join('\n')
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const program = nameOf(commands)
  return [
    `# Completion of ${program} for fish: ${program} completion fish > ~/.config/fish/completions/${program}.fish`,
    `function __${program}_in
  set -l words (commandline -opc | string match -v -- '-*')
  string match -q -- "$argv *" "$words "
end`,
    ...commands.flatMap(({ path, subcommands, options, arguments: args }) => {
      const inside = `__${program}_in ${path.join(' ')}`
      const children = words(subcommands).join(' ')
      const only =
        subcommands.length > 0
          ? `${inside}; and not __fish_seen_subcommand_from ${children}`
          : inside
      return [
        ...subcommands.map(
          ({ word, about }) =>
            `complete -c ${program} -f -n ${quote(only)} -a ${word} -d ${quote(about)}`,
        ),
        ...options
          .filter(({ word }) => word.startsWith('--'))
          .map(
            ({ word, about, takesValue, choices }) =>
              `complete -c ${program} -n ${quote(only)} -l ${word.slice(2)}${takesValue ? (choices ? ' -x' : ' -r') : ''}${choices ? ` -a ${quote(choices.join(' '))}` : ''} -d ${quote(about)}`,
          ),
        ...args
          .filter((choices) => choices !== undefined)
          .map(
            (choices) =>
              `complete -c ${program} -f -n ${quote(only)} -a ${quote(choices.join(' '))}`,
          ),
      ]
    }),
  ].join('\n')
}

function nameOf([root]: readonly CompletedCommand[]): string {
  return root?.path[0] ?? ''
}

function key({ path }: CompletedCommand): string {
  return path.join(' ')
}

function words(entries: readonly { word: string }[]): string[] {
  return entries.map(({ word }) => word)
}

function zshFunction(path: readonly string[]): string {
  return `_${path.join('_').replaceAll('-', '_')}`
}

/** Brackets and colons mean something in a specification of zsh. */
function zshText(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&')
}

/** One word of a shell, whatever is in it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
