import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as sdk from '@lynode/sdk'
import ts from 'typescript'
import * as viem from 'viem'
import { afterAll, describe, expect, test, vi } from 'vitest'
import * as fixtures from '../examples/fixtures.js'
import { examplesModule, gatherExamples } from '../examples/gatherExamples.js'

const here = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(here, 'examples/.examples-'))
const { examples, bare } = gatherExamples(join(here, '../sdk'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('examples of the sdk', () => {
  const module = examplesModule(examples, '../fixtures.js', {
    sdk: Object.keys(sdk),
    types: ['Order'],
    viem: Object.keys(viem),
    fixtures: Object.keys(fixtures),
  })
  const path = join(folder, 'examples.ts')
  writeFileSync(path, module)

  test('default: every export has one', () => {
    expect(bare).toEqual([])
    expect(examples.length).toBeGreaterThan(300)
  })

  test('behavior: every one compiles', { timeout: 120_000 }, () => {
    const config = ts.getParsedCommandLineOfConfigFile(
      join(here, 'tsconfig.json'),
      { noEmit: true, composite: false, incremental: false },
      { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
    )
    const program = ts.createProgram([path], {
      ...config?.options,
      noUnusedLocals: false,
      allowUnreachableCode: true,
    })
    const lines = module.split('\n')
    const wrong = ts.getPreEmitDiagnostics(program).map((found) => {
      const at = found.file?.getLineAndCharacterOfPosition(found.start ?? 0)
      return `${lines[at?.line ?? 0]?.trim()}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`
    })
    expect(wrong).toEqual([])
  })

  test('behavior: those that need no chain run', async () => {
    const script = ts.transpileModule(readFileSync(path, 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
      },
    })
    writeFileSync(join(folder, 'examples.js'), script.outputText)
    const loaded = (await import(
      /* @vite-ignore */ pathToFileURL(join(folder, 'examples.js')).href
    )) as Record<string, () => Promise<unknown>>
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const failed: string[] = []
    for (const [index, { name, needsChain }] of examples.entries())
      if (!needsChain)
        await loaded[`example${index}_${name}`]?.().catch((error: unknown) =>
          failed.push(`${name}: ${error}`),
        )
    expect(failed).toEqual([])
  })
})
