import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { afterAll, expect, test } from 'vitest'

/** Gzipped, without viem, which an application has anyway. */
const budgetBytes = 60_000

const here = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(here, '.bundle-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Sizes of what a page loads at once, and of what it loads when it needs it. */
async function bundle(source: string) {
  const entry = join(folder, 'entry.js')
  writeFileSync(entry, source)
  const { output } = (await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: {
        input: entry,
        external: [/^viem(\/|$)/],
        preserveEntrySignatures: 'strict',
      },
    },
  })) as Rollup.RollupOutput
  const chunks = output.filter((one) => one.type === 'chunk')
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const atOnce = new Set<string>()
  const follow = (name: string) => {
    if (atOnce.has(name) || !byName.has(name)) return
    atOnce.add(name)
    byName.get(name)?.imports.forEach(follow)
  }
  for (const { isEntry, fileName } of chunks) if (isEntry) follow(fileName)
  const size = (wanted: boolean) =>
    chunks
      .filter(({ fileName }) => atOnce.has(fileName) === wanted)
      .reduce((sum, { code }) => sum + gzipSync(code).length, 0)
  return {
    atOnce: size(true),
    later: size(false),
    imports: chunks.flatMap(({ imports }) => imports),
    code: chunks.map(({ code }) => code).join('\n'),
  }
}

test('default: a client that buys and checks is small enough for a page', async ({
  annotate,
}) => {
  const { atOnce, later, imports } = await bundle(
    "export { createLynodeClient, parseAddressBook, parseAmount } from '@lynode/sdk'",
  )
  await annotate(`${atOnce} bytes gzipped at once, ${later} when needed`)
  expect(atOnce).toBeLessThan(budgetBytes)
  // Readers of ONNX files wait until somebody gives a model by its id alone.
  expect(later).toBeGreaterThan(0)
  expect(imports.filter((name) => name.startsWith('node:'))).toEqual([])
})

test('behavior: one action costs no more than itself', async () => {
  const { atOnce } = await bundle("export { verifyResult } from '@lynode/sdk'")
  expect(atOnce).toBeLessThan(budgetBytes * 0.75)
})
