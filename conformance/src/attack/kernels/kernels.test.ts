import { profiles } from '@lynode/sdk'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../random.js'
import { judgeClaims } from '../judgeClaims.js'
import { Network } from '../network.js'
import { cases } from './kernelCases.test.fixture.js'
import { floats, modelOf } from './oneNode.test.support.js'

describe.each(Object.entries(cases))('%s', (_, { room, ...own }) => {
  const network = new Network(modelOf(own))
  const random = randomOf(9)
  const inputs = new Map(
    Object.entries(own.inputs).map(([name, dims]) => [
      name,
      floats(random, dims),
    ]),
  )
  const { indices } = own
  const all = new Map(inputs)
  if (indices !== undefined) all.set('indices', Float32Array.from(indices))
  const honest = network.forward(all)
  const seed = Float64Array.from(
    floats(random, [honest[network.result]!.data.length]),
  )
  const gradients = network.backward(honest, seed)

  test('behavior: the gradient is that of finite differences', () => {
    const objective = () => {
      const { data } = network.forward(all)[network.result]!
      return data.reduce((sum, value, i) => sum + value * seed[i]!, 0)
    }
    for (const [name, data] of inputs) {
      const index = network.manifest.values.findIndex(
        (value) => value.name === name,
      )
      const gradient = gradients[index]!
      const largest = gradient.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      expect(largest).toBeGreaterThan(0)
      for (let i = 0; i < data.length; i += 1 + Math.floor(data.length / 24)) {
        const value = data[i]!
        const step = 2 ** -8
        data[i] = value + step
        const above = objective()
        data[i] = value - step
        const slope = (above - objective()) / (2 * step)
        data[i] = value
        expect(Math.abs(slope - gradient[i]!)).toBeLessThan(2e-3 * largest)
      }
    }
  })

  test.each(Object.entries(profiles))(
    'behavior: claims use the room of %s, and are inside',
    (_, profile) => {
      const { manifest } = network
      for (const side of [1, -1]) {
        const directions = gradients.map((own) =>
          own?.map((value) => side * value),
        )
        const plan = { share: 1, profile }
        const claimed = network.forward(all, { ...plan, directions, honest })
        const found = judgeClaims({
          ...{ manifest, profile, claimed, directions },
          samples: 40,
        })
        expect(found.convicted).toBe(0)
        if (room) expect(found.measured).toBeGreaterThan(0)
        expect(found.least).toBeGreaterThan(0.95)
        expect(found.last).toBeGreaterThanOrEqual(0.95 * found.narrow)
      }
    },
  )
})
