import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalogue } from '@lynode/sdk'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../docs/errors/', import.meta.url))
const entries = Object.entries<{ title: string; remedy: string }>(catalogue)

test('default: every code has a page and every page a code', () => {
  const pages = readdirSync(folder).map((name) => name.replace('.md', ''))
  expect(pages.sort()).toEqual(entries.map(([code]) => code).sort())
})

test.each(entries)(
  'behavior: the page of %s says what to do',
  (code, entry) => {
    const page = readFileSync(`${folder}${code}.md`, 'utf8')
    expect(page.startsWith(`# ${code}: ${entry.title}\n`)).toBe(true)
    const sections = page.split(/^## /m).slice(1)
    expect(sections.map((section) => section.split('\n')[0])).toEqual([
      'Cause',
      'What the program did',
      'What you do',
    ])
    for (const section of sections)
      expect(section.split('\n').slice(1).join('').length).toBeGreaterThan(20)
    expect(page).not.toMatch(/TODO|FIXME|TBD/)
  },
)
