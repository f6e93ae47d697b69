import type { CreateLynodeClientReturnType } from '../clients/createLynodeClient.js'
import type { LynodeClient } from '../clients/lynodeClient.js'
import type { ModelInterface } from './modelInterface.js'
import { run } from './run.js'
import { runStates } from './runStates.js'
import type { TensorOutput } from './tensor.js'

// Compiled by `tsc -b`: each line marked as an error must be one.

declare const client: LynodeClient
declare const lynode: CreateLynodeClientReturnType
const maxPrice = 1n

const model = {
  modelId: '0x00',
  inputs: {
    x: { dtype: 'float32', dims: [1, 4], index: 0, entry: '0x' },
    n: { dtype: 'int64', dims: [1], index: 1, entry: '0x' },
  },
  outputs: { y: { dtype: 'float32', dims: [1, 3], index: 9, entry: '0x' } },
  proof: [],
} as const satisfies ModelInterface

export async function typed(): Promise<void> {
  const { outputs, class: kind } = await run(client, {
    model,
    inputs: { x: new Float32Array(4), n: [1n] },
    maxPrice,
  })
  outputs.y satisfies TensorOutput<'float32'>
  outputs.y.data satisfies Float32Array
  kind satisfies 'exact' | 'float' | 'zk'
  // @ts-expect-error the model has no such output
  outputs.z

  const bound = await lynode.run({
    model,
    inputs: { x: [1], n: [1n] },
    maxPrice,
  })
  bound.outputs.y.data satisfies Float32Array

  // @ts-expect-error an input is missing
  await run(client, { model, inputs: { x: [1] }, maxPrice })
  // @ts-expect-error an int64 takes bigints
  await run(client, { model, inputs: { x: [1], n: [1] }, maxPrice })
  const wrong = { x: new Float64Array(4), n: [1n] }
  // @ts-expect-error a float32 takes no Float64Array
  await run(client, { model, inputs: wrong, maxPrice })
  // @ts-expect-error the model has no such input
  await lynode.run({ model, inputs: { x: [1], n: [1n], z: [1] }, maxPrice })
  // @ts-expect-error prices have no default
  await run(client, { model, inputs: { x: [1], n: [1n] } })

  for await (const state of runStates(client, {
    model,
    inputs: { x: [1], n: [1n] },
    maxPrice,
  }))
    if (state.type === 'delivered')
      state.result.outputs.y.data satisfies Float32Array

  // By the id alone the inputs have any names and types.
  const loose = await run(client, {
    model: '0x00',
    inputs: { x: [1] },
    maxPrice,
  })
  loose.outputs['y'] satisfies TensorOutput | undefined
}
