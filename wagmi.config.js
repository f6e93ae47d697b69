import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from '@wagmi/cli'

// The contracts whose ABIs the sdk carries: `npm run abis` after a change.
const contracts = [
  'IChecker',
  'ICheckerRegistry',
  'IDisputes',
  'IFeeSink',
  'IFraudVerifier',
  'IJobMarket',
  'ILedger',
  'IModelRegistry',
  'IParameters',
  'IStakeManager',
]

const folder = process.env['ABIS_FOLDER'] ?? 'sdk/src/abis'

export default defineConfig(
  contracts.map((contract) => {
    const artifact = `out/${contract}.sol/${contract}.json`
    // ILedger becomes ledgerAbi: callers do not care that it is an interface.
    const name = contract.replace(/^I(?=[A-Z])/, '')
    const file = `${name[0]?.toLowerCase()}${name.slice(1)}Abi.ts`
    return {
      out: join(folder, file),
      contracts: [
        { name, abi: JSON.parse(readFileSync(artifact, 'utf8')).abi },
      ],
    }
  }),
)
