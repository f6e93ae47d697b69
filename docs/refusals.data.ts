import { contractErrors } from '@lynode/sdk'

/** An error of a contract, and the code under which it is explained. */
export type Refusal = { name: string; code: string }

declare const data: { contract: string; refusals: Refusal[] }[]

export { data }

export default {
  load(): typeof data {
    const contracts = new Map<string, Refusal[]>()
    for (const [name, code] of Object.entries(contractErrors)) {
      // Errors that belong to no contract of ours come from libraries.
      const [contract = ''] = name.includes('_') ? name.split('_') : ['Others']
      contracts.set(contract, [
        ...(contracts.get(contract) ?? []),
        { name, code },
      ])
    }
    return [...contracts]
      .map(([contract, refusals]) => ({ contract, refusals }))
      .sort((a, b) => a.contract.localeCompare(b.contract))
  },
}
