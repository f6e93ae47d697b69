import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { Runner } from '../runner/runner.js'
import { selfTest } from './selfTest.js'

const built = (file: string) =>
  fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))
const open: Runner[] = []
function runner(entry: string): Runner {
  const started = new Runner({ entry: built(entry) })
  open.push(started)
  return started
}
afterAll(() => Promise.all(open.map((one) => one.close())))

test('default: this machine computes what the checkers accept', async () => {
  const report = await selfTest({
    runner: runner('runner/runnerProcess.js'),
    sample: 32,
  })
  expect(report).toMatchObject({
    passed: true,
    faults: [],
    reducedPrecision: false,
  })
  expect(report.judged).toBeGreaterThan(800)
})

test('behavior: products of ten-bit operands are found, by the probe and by the bounds', async () => {
  const report = await selfTest({
    runner: runner('conformance/roundedRunner.test.fixture.js'),
  })
  expect(report).toMatchObject({ passed: false, reducedPrecision: true })
  expect(report.faults.join()).toMatch(/of Conv is .* outside its bound/)
})

test('error: a runner that does not start fails the test, and nothing else', async () => {
  const report = await selfTest({ runner: runner('nowhere.js') })
  expect(report.passed).toBe(false)
  expect(report.faults).toHaveLength(1)
})
