import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const workspace = fileURLToPath(new URL('../..', import.meta.url))

/** What each published package may import of the others. */
const arrows = {
  sdk: [],
  runtime: ['sdk'],
  node: ['sdk', 'runtime'],
  verifier: ['sdk', 'runtime'],
  indexer: ['sdk'],
  cli: ['sdk', 'runtime', 'node', 'verifier'],
} satisfies Record<string, string[]>

const packageNames: Record<string, string> = Object.fromEntries(
  [...Object.keys(arrows), 'script', 'bench', 'conformance', 'test'].map(
    (folder) => [
      JSON.parse(readFileSync(join(workspace, folder, 'package.json'), 'utf8'))
        .name,
      folder,
    ],
  ),
)

describe.each(Object.entries(arrows))('%s', (folder, allowed) => {
  const imports = sourceFiles(folder).flatMap((file) =>
    importsOf(file).map((specifier) => ({ file, specifier })),
  )

  test('behavior: imports only the packages that its arrows point at', () => {
    const wrong = imports.filter(({ specifier }) => {
      const target = packageNames[packageOf(specifier)]
      return target !== undefined && !(allowed as string[]).includes(target)
    })
    expect(wrong).toEqual([])
  })

  test('behavior: reaches no other package by a path', () => {
    const wrong = imports.filter(
      ({ file, specifier }) =>
        specifier.startsWith('.') &&
        !join(file, '..', specifier).startsWith(`${folder}/`),
    )
    expect(wrong).toEqual([])
  })
})

describe('sdk', () => {
  const files = sourceFiles('sdk').filter((file) => !isTest(file))

  test('behavior: runs in a browser', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => /^(node:|onnxruntime)/.test(name))
        .map((specifier) => ({ file, specifier })),
    )
    expect(wrong).toEqual([])
  })

  test('behavior: takes time and randomness from its caller', () => {
    const wrong = files.filter((file) =>
      /\b(Math\.random|Date\.now)\b/.test(
        readFileSync(join(workspace, file), 'utf8'),
      ),
    )
    expect(wrong).toEqual([])
  })
})

function sourceFiles(folder: string): string[] {
  return readdirSync(join(workspace, folder, 'src'), { recursive: true })
    .map((name) => `${folder}/src/${name}`)
    .filter((name) => name.endsWith('.ts'))
}

function isTest(file: string): boolean {
  return /\.test(-d)?\.ts$/.test(file)
}

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(readFileSync(join(workspace, file), 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
