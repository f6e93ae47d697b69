import { fileURLToPath } from 'node:url'
import { startProvider } from '@lynode/node'
import { runMain } from '@lynode/runtime'
import { parseEther } from 'viem'
import { cheatedStep } from '../training/digitsPlan.js'

/** More than any order pays. */
const never = parseEther('1000000000')

// A provider that is honest in everything but one step. It lets the first
// milestone pass and underbids everybody from the second on; once convicted it
// is jailed.
await runMain('provider', (config) => {
  let decisions = 0
  return startProvider({
    config: {
      ...config,
      get minPrice() {
        return ++decisions >= 2 ? 0n : never
      },
    },
    runnerEntry: fileURLToPath(
      new URL('./alteredStepRunner.js', import.meta.url),
    ),
    runnerArguments: [String(cheatedStep)],
  })
})
