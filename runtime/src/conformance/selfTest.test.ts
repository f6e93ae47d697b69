import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { ExecutionProvider } from '../runner/executionProvider.js'
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

/** This machine's runner under the name of a provider, with every Tanh off by so much. */
function tanhOff(by: number, executionProvider: ExecutionProvider) {
  const honest = runner('runner/runnerProcess.js')
  const { optimise, runNode } = honest
  return {
    executionProvider,
    optimise: optimise.bind(honest),
    async runNode(request: Parameters<Runner['runNode']>[0]) {
      const result = await runNode.call(honest, request)
      const data = result.outputs.find(({ name }) => name === 'Tanh')?.data
      if (data === undefined) return result
      const view = new DataView(data.buffer, data.byteOffset)
      for (let at = 0; at < data.length; at += 4)
        view.setFloat32(at, view.getFloat32(at, true) + by, true)
      return result
    },
  }
}

test('behavior: a Tanh that is off near 0 alone is found', async () => {
  const report = await selfTest({ runner: tanhOff(1e-6, 'cpu') })
  expect(report.profile).toBe('f32-plain')
  expect(report.faults.join()).toMatch(/of Tanh is .* outside its bound/)
})

test('behavior: WebGPU is judged by its own profile, and what is outside that is found', async () => {
  // What a processor computes is inside: the profile contains the plain one.
  const inside = await selfTest({ runner: tanhOff(0, 'webgpu') })
  expect(inside).toMatchObject({ profile: 'f32-wgsl', passed: true })
  expect(inside.judged).toBeGreaterThan(400)
  const far = await selfTest({ runner: tanhOff(1e-3, 'webgpu') })
  expect(far.passed).toBe(false)
  expect(far.faults.join()).toMatch(/of Tanh is .* outside its bound/)
})

test('error: a runner that does not start fails the test, and nothing else', async () => {
  const report = await selfTest({ runner: runner('nowhere.js') })
  expect(report.passed).toBe(false)
  expect(report.faults).toHaveLength(1)
})
