import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { Runner } from '../runner/runner.js'
import { blockedTest } from './blockedTest.js'
import { sumDepth } from './sumDepth.js'

const built = (file: string) =>
  fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))
const open: Runner[] = []
function runner(entry: string): Runner {
  const started = new Runner({ entry: built(entry) })
  open.push(started)
  return started
}
const own = 'runner/runnerProcess.js'
const sequential = 'conformance/sequentialRunner.test.fixture.js'
afterAll(() => Promise.all(open.map((one) => one.close())))

test('default: products by a matrix of weights keep to blocks of 256 here', async () => {
  const { kept, faults, cases } = await blockedTest({
    runner: runner(own),
    lengths: [512, 1_536],
  })
  expect(faults).toEqual([])
  expect(kept).toBe(true)
  const most = (terms: number) =>
    Math.max(
      ...cases.filter((one) => one.terms === terms).map((one) => one.roundings),
    )
  // Nothing is wasted: a run less would refuse this machine.
  expect([most(512), most(1_536)]).toEqual([257, 261])
  expect(Math.max(...cases.map(({ use }) => use))).toBeLessThan(0.5)
})

test('behavior: a kernel that adds one after the other is found', async () => {
  const { kept, faults } = await blockedTest({ runner: runner(sequential) })
  expect(kept).toBe(false)
  expect(faults.join()).toMatch(/roundings a term, 258 allowed/)
})

test('behavior: a short sum takes part in no more additions than it has terms', async () => {
  const kernel = { operator: 'MatMul', terms: 96, columns: 8 } as const
  expect(await sumDepth(runner(own), kernel, 0)).toBe(95)
})

test('error: a runner that does not start keeps nothing', async () => {
  const { kept, faults } = await blockedTest({
    runner: runner('nowhere.js'),
    lengths: [512],
  })
  expect(kept).toBe(false)
  expect(faults.length).toBeGreaterThan(0)
})
