import { fileURLToPath } from 'node:url'
import { startProvider } from '@lynode/node'
import { runMain } from '@lynode/runtime'
import { parseEther } from 'viem'

/** More than any order pays. */
const never = parseEther('1000000000')

// A provider that is honest in everything but its runner. It lets the first
// order go by while it learns the model, then underbids everybody.
await runMain('provider', (config) => {
  let orders = 0
  return startProvider({
    config: {
      ...config,
      maxJobs: 1,
      get minPrice() {
        return orders++ === 0 ? never : 0n
      },
    },
    runnerEntry: fileURLToPath(new URL('./alteredRunner.js', import.meta.url)),
  })
})
