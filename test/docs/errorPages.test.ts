import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '@lynode/sdk'
import { expect, test } from 'vitest'

const workspace = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(workspace, 'docs/errors')
const pages = readdirSync(folder).map((name) => name.replace('.md', ''))
const titles: Record<string, { title: string }> = catalogue

test('default: every code has a page and every page a code', () => {
  const used = ['sdk', 'runtime', 'node', 'verifier', 'cli', 'script'].flatMap(
    codesOf,
  )
  expect(pages.sort()).toEqual([...new Set(used)].sort())
})

test.each(pages)('behavior: the page of %s says what to do', (code) => {
  const page = readFileSync(join(folder, `${code}.md`), 'utf8')
  expect(page).toMatch(new RegExp(`^# ${code}: .{10,}\n`))
  const title = titles[code]?.title
  if (title !== undefined)
    expect(page.startsWith(`# ${code}: ${title}\n`)).toBe(true)
  const sections = page.split(/^## /m).slice(1)
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'Cause',
    'What the program did',
    'What you do',
  ])
  for (const section of sections)
    expect(section.split('\n').slice(1).join('').length).toBeGreaterThan(20)
  expect(page).not.toMatch(/TODO|FIXME|TBD/)
})

/** The codes that the sources of a package name. */
function codesOf(name: string): string[] {
  const source = join(workspace, name, 'src')
  return readdirSync(source, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(
      (file) =>
        readFileSync(join(source, file), 'utf8').match(
          /\bLY-[A-Z]+-\d{3}\b/g,
        ) ?? [],
    )
}
