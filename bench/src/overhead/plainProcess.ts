import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { PlainInput } from './plainRunner.js'

// What a provider would run without Lynode: the original file at ONNX Runtime's
// default level, one thread, in a process of its own like the runner's.
const [path = ''] = process.argv.slice(2)
const session = await InferenceSession.create(path, {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
})
process.on('disconnect', () => process.exit(0))
process.on('message', (inputs: PlainInput[]) => {
  run(inputs).then(
    (milliseconds) => process.send?.(milliseconds),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.send?.('ready')

async function run(inputs: readonly PlainInput[]): Promise<number> {
  const start = performance.now()
  const feeds: Record<string, Tensor> = {}
  for (const { name, integers, dims, bytes } of inputs) {
    const { buffer } = bytes.slice()
    feeds[name] = integers
      ? new Tensor('int64', new BigInt64Array(buffer), dims)
      : new Tensor('float32', new Float32Array(buffer), dims)
  }
  await session.run(feeds)
  return performance.now() - start
}
