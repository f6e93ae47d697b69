import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build, type Rollup } from 'vite'
import type { PageInput, PageOutput } from './page.js'

const programs = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/**
 * Where a Chromium is; playwright's own download is not to be had.
 *
 * @returns Nothing where there is none. CI has one: there its usual place, so that the test fails without it.
 */
export function chromiumPath(): string | undefined {
  const found = process.env['CHROMIUM_PATH'] ?? programs.find(existsSync)
  return found ?? (process.env['CI'] === 'true' ? programs[0] : undefined)
}

/** Bundles `page.ts` as an application would, and runs it in headless Chromium. */
export async function runInPage(
  executablePath: string,
  input: PageInput,
): Promise<{ output: PageOutput; errors: string[] }> {
  const { output: files } = (await build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      target: 'es2022',
      rollupOptions: {
        input: fileURLToPath(new URL('page.ts', import.meta.url)),
      },
    },
  })) as Rollup.RollupOutput
  const chunks = files.filter((file) => file.type === 'chunk')
  const entry = chunks.find(({ isEntry }) => isEntry)
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1)
    const chunk = chunks.find(({ fileName }) => fileName === name)
    response.setHeader(
      'content-type',
      chunk ? 'text/javascript' : 'text/html; charset=utf-8',
    )
    response.end(
      chunk?.code ??
        `<script type="module" src="/${entry?.fileName}"></script>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  try {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.waitForFunction('typeof buyInPage === "function"')
    const output = await page.evaluate(
      (given) =>
        (
          globalThis as unknown as {
            buyInPage(input: PageInput): Promise<PageOutput>
          }
        ).buyInPage(given),
      input,
    )
    return { output, errors }
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
}
