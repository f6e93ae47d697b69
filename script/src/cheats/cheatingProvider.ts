import { fileURLToPath } from 'node:url'
import { startProvider } from '@lynode/node'
import { runMain } from '@lynode/runtime'
import { parseEther } from 'viem'

/** More than any order pays. */
const never = parseEther('1000000000')

// A provider that is honest in everything but its runner. From the first order
// it learns the model, on the second it underbids everybody, and then it lies
// low: one job is all that it cheats on.
await runMain('provider', (config) => {
  let decisions = 0
  return startProvider({
    config: {
      ...config,
      get minPrice() {
        return ++decisions === 2 ? 0n : never
      },
    },
    runnerEntry: fileURLToPath(new URL('./alteredRunner.js', import.meta.url)),
  })
})
