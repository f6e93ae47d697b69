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

test('behavior: a Tanh that is off near 0 alone is found', async () => {
  const honest = runner('runner/runnerProcess.js')
  const report = await selfTest({
    runner: {
      executionProvider: 'cpu',
      optimise: (model) => honest.optimise(model),
      runNode: async (request) => {
        const result = await honest.runNode(request)
        const data = result.outputs.find(({ name }) => name === 'Tanh')?.data
        if (data === undefined) return result
        const view = new DataView(data.buffer, data.byteOffset)
        for (let at = 0; at < data.length; at += 4)
          view.setFloat32(at, view.getFloat32(at, true) + 1e-6, true)
        return result
      },
    },
  })
  expect(report.faults.join()).toMatch(/of Tanh is .* outside its bound/)
})

test('behavior: WebGPU is not admitted, whatever its device computes', async () => {
  const honest = runner('runner/runnerProcess.js')
  const report = await selfTest({
    runner: {
      executionProvider: 'webgpu',
      optimise: (model) => honest.optimise(model),
      runNode: (request) => honest.runNode(request),
    },
  })
  expect(report).toMatchObject({ passed: false, judged: 0 })
  expect(report.faults.join()).toContain('WebGPU')
})

test('error: a runner that does not start fails the test, and nothing else', async () => {
  const report = await selfTest({ runner: runner('nowhere.js') })
  expect(report.passed).toBe(false)
  expect(report.faults).toHaveLength(1)
})
