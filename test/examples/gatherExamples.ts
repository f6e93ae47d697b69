import { join } from 'node:path'
import ts from 'typescript'

/** Entries of the sdk's package, and their files below `sdk/src`. */
const entries = {
  '@lynode/sdk': 'index.ts',
  '@lynode/sdk/audits': 'exports/audits.ts',
  '@lynode/sdk/commitments': 'exports/commitments.ts',
  '@lynode/sdk/indexer': 'exports/indexer.ts',
} as const

export type Entry = keyof typeof entries

/** An `@example` block of an export of the sdk. */
export type Example = {
  name: string
  /** What it is imported from. */
  entry: Entry
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

/** Reads every export of the package's entries, and the examples in their comments. */
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
  const paths = Object.values(entries).map((path) => join(source, path))
  const program = ts.createProgram(paths, config?.options ?? {})
  const checker = program.getTypeChecker()
  const examples: Example[] = []
  const bare: Bare[] = []
  const seen = new Set<ts.Symbol>()
  for (const [entry, path] of Object.entries(entries) as [Entry, string][])
    for (const exported of exportsOf(join(source, path))) {
      const symbol =
        exported.flags & ts.SymbolFlags.Alias
          ? checker.getAliasedSymbol(exported)
          : exported
      const file = (
        symbol.declarations?.[0]?.getSourceFile().fileName ?? ''
      ).slice(source.length + 1)
      // ABIs are generated: their documents are the contracts' interfaces.
      const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0
      if (!isValue || file.startsWith('abis/') || seen.has(symbol)) continue
      seen.add(symbol)
      const found = symbol
        .getJsDocTags(checker)
        .filter(({ name }) => name === 'example')
      if (found.length === 0) bare.push({ name: symbol.name, file })
      for (const { text } of found) {
        const code = ts.displayPartsToString(text)
        const needsChain = remote.test(code)
        examples.push({ name: symbol.name, entry, file, code, needsChain })
      }
    }
  return { examples, bare }

  function exportsOf(path: string): ts.Symbol[] {
    const file = program.getSourceFile(path)
    const module = file && checker.getSymbolAtLocation(file)
    if (file === undefined || module === undefined) return []
    // `export type *` exports no value, though what it names may be one.
    const types = file.statements.flatMap((statement) => {
      if (!ts.isExportDeclaration(statement) || !statement.isTypeOnly) return []
      const { moduleSpecifier } = statement
      const from =
        moduleSpecifier && checker.getSymbolAtLocation(moduleSpecifier)
      return from === undefined ? [] : checker.getExportsOfModule(from)
    })
    return checker
      .getExportsOfModule(module)
      .filter((exported) => !types.includes(exported))
  }
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
  // An entry apart is named for what the main one lacks.
  const namesOf = (entry: string) =>
    entry === '@lynode/sdk'
      ? known.sdk
      : examples.flatMap((one) => (one.entry === entry ? [one.name] : []))
  const apart = Object.keys(entries).slice(1).flatMap(namesOf)
  const all = examples.map(({ code }) => code.replace(/^import .*$/gm, ''))
  const text = all.join('\n')
  return [
    ...Object.keys(entries).map(
      (entry) =>
        `import { ${used(namesOf(entry), text).join(', ')} } from '${entry}'`,
    ),
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
        (one) => ![own, known.sdk, apart].some((names) => names.includes(one)),
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
