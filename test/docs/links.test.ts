import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const workspace = fileURLToPath(new URL('../..', import.meta.url))

// Links between pages fail the build of the documentation; these lead there
// from outside, or to what is no page.
test('behavior: every link of the README leads to a file', () => {
  const readme = readFileSync(join(workspace, 'README.md'), 'utf8')
  const links = [...readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].flatMap(
    ([, path = '']) => (/^https?:/.test(path) ? [] : [path]),
  )
  expect(links.length).toBeGreaterThan(5)
  expect(links.filter((path) => !existsSync(join(workspace, path)))).toEqual([])
})

test('behavior: every page that a file of this repository names is there', () => {
  const files = ['README.md', 'tools/test.js', 'sdk/src/errors/catalogue.ts']
  const named = files.flatMap((file) =>
    [
      ...readFileSync(join(workspace, file), 'utf8').matchAll(
        /\bdocs\/[\w/-]+\.md\b/g,
      ),
    ].map(([path]) => path),
  )
  expect(named.filter((path) => !existsSync(join(workspace, path)))).toEqual([])
})
