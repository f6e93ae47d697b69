import { join } from 'node:path'
import ts from 'typescript'

/** An `@example` block of an export of the sdk. */
export type Example = {
  name: string
  /** Where it stands, below `sdk/src`. */
  file: string
  code: string
  /** Whether running it asks a chain or a server. */
  needsChain: boolean
}

/** An export without one. */
export type Bare = { name: string; file: string }

/** Fixtures that stand for a chain or a server. */
const remote =
  /\b(client|lynode|hot|owner|requester|sources|relays?|server|endpoint|fetch)\b/

/** Reads every export of a package's entry, and the examples in their comments. */
export function gatherExamples(folder: string): {
  examples: Example[]
  bare: Bare[]
} {
  const source = join(folder, 'src')
  const config = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  )
  const entry = join(source, 'index.ts')
  const program = ts.createProgram([entry], config?.options ?? {})
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(
    program.getSourceFile(entry) as ts.Node,
  )
  const examples: Example[] = []
  const bare: Bare[] = []
  for (const exported of module ? checker.getExportsOfModule(module) : []) {
    const symbol =
      exported.flags & ts.SymbolFlags.Alias
        ? checker.getAliasedSymbol(exported)
        : exported
    const file = (
      symbol.declarations?.[0]?.getSourceFile().fileName ?? ''
    ).slice(source.length + 1)
    // ABIs are generated: their documents are the contracts' interfaces.
    const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0
    if (!isValue || file.startsWith('abis/')) continue
    const found = symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === 'example')
    if (found.length === 0) bare.push({ name: symbol.name, file })
    for (const { text } of found) {
      const code = ts.displayPartsToString(text)
      const needsChain = remote.test(code)
      examples.push({ name: symbol.name, file, code, needsChain })
    }
  }
  return { examples, bare }
}

/**
 * One module with all examples: a function each, under the names of their
 * exports. What an example names is an export of the sdk, one of viem, or a
 * fixture.
 */
export function examplesModule(
  examples: readonly Example[],
  fixturesPath: string,
  known: {
    sdk: readonly string[]
    /** Types of the sdk that examples name. */
    types: readonly string[]
    viem: readonly string[]
    fixtures: readonly string[]
  },
): string {
  const used = (names: readonly string[], code: string) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(code))
  const all = examples.map(({ code }) => code.replace(/^import .*$/gm, ''))
  const text = all.join('\n')
  return [
    `import { ${used(known.sdk, text).join(', ')} } from '@lynode/sdk'`,
    `import type { ${used(known.types, text).join(', ')} } from '@lynode/sdk'`,
    `import { ${used(known.viem, text)
      .filter((name) => !known.sdk.includes(name))
      .join(', ')} } from 'viem'`,
    `import * as usual from '${fixturesPath}'`,
    '',
    ...examples.map(({ name, file }, index) => {
      const code = all[index] ?? ''
      // What an example declares itself is no fixture of it.
      const own = [
        ...code.matchAll(/\b(?:const|let) (?:(\w+)|\{([^}]*)\}|\[([^\]]*)\])/g),
      ]
        .flatMap(([, one, several, list]) =>
          (one ?? several ?? list ?? '').split(','),
        )
        .map((part) => part.split(':').at(-1)?.trim() ?? '')
      const given = used(known.fixtures, code).filter(
        (one) => !own.includes(one) && !known.sdk.includes(one),
      )
      return [
        `// ${file}`,
        // A test gives other values where the chain asks for them.
        `export async function example${index}_${name}(fixtures: typeof usual = usual) {`,
        ...(given.length > 0
          ? [`const { ${given.join(', ')} } = fixtures`]
          : []),
        code,
        '}',
        '',
      ].join('\n')
    }),
  ].join('\n')
}
