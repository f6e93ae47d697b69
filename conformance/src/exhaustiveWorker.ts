import type { ExecutionProvider } from '@lynode/runtime'
import { references } from './exhaustive/references.js'
import { Sweeper } from './exhaustive/sweepChunk.js'

// Sweeps the chunks that its parent sends, one at a time.

const [name, stride, provider = 'cpu'] = process.argv.slice(2)
const reference = references.find((known) => known.name === name)
if (reference === undefined) throw new Error(`no operator ${name}`)
const sweeper = await Sweeper.open(reference, provider as ExecutionProvider)

process.on('message', (chunk: number) => {
  sweeper.sweep(chunk, Number(stride)).then(
    (result) => process.send?.({ chunk, result }),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => {
  sweeper.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
process.send?.('ready')
