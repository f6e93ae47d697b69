import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import {
  committedIndex,
  elementBytes,
  elementCount,
  isHonest,
  judgedManifest,
  judgeElement,
  readManifest,
} from '@lynode/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contractAt } from '../../conformance/src/execution/contract.js'
import {
  type Execution,
  execute,
} from '../../conformance/src/execution/execute.js'
import { localContract } from '../../conformance/src/execution/localContract.js'
import {
  pushedOutside,
  withElement,
} from '../../conformance/src/execution/pushes.js'
import { foreignModels } from '../../conformance/src/foreign/foreignModels.js'

// Models that are not the demo's: one wrong element, at any operator, convicts.

const runner = new Runner({ sessions: 1 })
let chain: Awaited<ReturnType<typeof localContract>> | undefined

beforeAll(async () => {
  chain = await localContract()
}, 240_000)

afterAll(async () => {
  await runner.close()
  await chain?.stop()
})

/** Elements of each result that are made wrong, one after the other. */
const perResult = 3

describe.each(foreignModels.map((make) => make()))(
  'error: $name that cheats',
  (model) => {
    let execution: Execution | undefined
    const honest = async (): Promise<Execution> => {
      if (execution !== undefined) return execution
      const file = await canonicalise(model.file, { runner })
      const manifest = readManifest(file, nodeSha256)
      execution = await execute(runner, file, manifest, model.inputs)
      return execution
    }

    test('at any operator is convicted by the twin', async () => {
      const { manifest, bytes } = await honest()
      let convicted = 0
      for (const { node, output, value, element, name } of placesOf(
        manifest,
        perResult,
      )) {
        const { type } = manifest.values[value] ?? {}
        const data = bytes[value]
        if (type === undefined || data === undefined) throw new Error(name)
        const judge = (own: Uint8Array) =>
          judgeElement({
            ...{ node, output, element, manifest: judgedManifest(manifest) },
            read: (of, offset, length) =>
              (of === value ? own : (bytes[of] ?? data)).subarray(
                offset,
                offset + length,
              ),
          })
        const truth = judge(data)
        expect(truth.fraud, `${name}[${element}] is honest`).toBe(false)
        const width = elementBytes(type.dtype) ?? 1
        const at = committedIndex(type, element)
        const outside = pushedOutside(truth.honest, type.dtype, width)
        expect(
          outside.length,
          `${name}[${element}] has a wrong value`,
        ).toBeGreaterThan(0)
        for (const bits of outside) {
          expect(isHonest(truth.honest, bits, type.dtype)).toBe(false)
          expect(judge(withElement(data, at, width, bits)).fraud, name).toBe(
            true,
          )
          convicted++
        }
      }
      expect(convicted).toBeGreaterThan(2 * perResult * 10)
    })

    test('at one node of each operator is convicted by the contract', async () => {
      if (chain === undefined) throw new Error('no chain')
      const own = await honest()
      const seen = new Set<string>()
      const places = placesOf(own.manifest, 1).filter(({ node, output }) => {
        const key = `${own.manifest.nodes[node]?.operator}:${output}`
        return !seen.has(key) && seen.add(key)
      })
      const count = { convictedOnChain: 0 }
      await contractAt(chain.address).convict(own, count, places)
      expect(count.convictedOnChain).toBeGreaterThanOrEqual(places.length)
    })
  },
)

/** So many elements of each result of each node, the last one among them. */
function placesOf({ nodes, values }: Execution['manifest'], count: number) {
  return nodes.flatMap(({ outputs, operator }, node) =>
    outputs.flatMap((value, output) => {
      const { type, name } = values[value] ?? {}
      if (type === undefined) throw new Error(`node ${node} has no result`)
      const elements = elementCount(type.dims)
      return [
        ...new Set(
          Array.from(
            { length: count },
            (_, i) => (elements - 1 + i * (7_919 * (node + 1))) % elements,
          ),
        ),
      ].map((element) => ({
        node,
        output,
        value,
        element,
        name: `${operator} ${name}`,
      }))
    }),
  )
}
