import { InferenceSession, Tensor } from 'onnxruntime-node'

// What a provider would run without Lynode: the original file at ONNX Runtime's
// default level, one thread, in a process of its own like the runner's.
const [path = '', list = ''] = process.argv.slice(2)
const dims: number[] = JSON.parse(list)
const session = await InferenceSession.create(path, {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
})
process.on('disconnect', () => process.exit(0))
process.on('message', (input: Uint8Array) => {
  run(input).then(
    (milliseconds) => process.send?.(milliseconds),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.send?.('ready')

async function run(input: Uint8Array): Promise<number> {
  const start = performance.now()
  const data = new Float32Array(input.slice().buffer)
  await session.run({ x: new Tensor('float32', data, dims) })
  return performance.now() - start
}
