import type { Target } from '../target.js'
import type { EconomyParameters } from './economy.js'
import type { Played } from './playJobs.js'

/** What must hold of a simulation: every cheat is behind, work pays, and nothing is promised that audits do not do. */
export function judgeEconomy(
  { providers, verifiers, detection, pool }: Played,
  parameters: EconomyParameters,
): Target[] {
  const behind = (name: string, cheat: number, honest: number): Target => ({
    name,
    value: cheat,
    target: honest,
    met: cheat < honest,
  })
  const provider = providers.honest.perJob
  const verifier = verifiers.honest.perJob
  return [
    behind('lazy provider, LYN a job', providers.lazy.perJob, provider),
    behind('bribing provider, LYN a job', providers.bribing.perJob, provider),
    behind('copying verifier, LYN a job', verifiers.copying.perJob, verifier),
    behind('sleeping verifier, LYN a job', verifiers.sleeping.perJob, verifier),
    {
      name: 'honest provider earns, LYN a job',
      value: provider,
      target: 0,
      met: provider > 0,
    },
    {
      name: 'honest verifier earns, LYN a job',
      value: verifier,
      target: 0,
      met: verifier > 0,
    },
    {
      name: 'sampled frauds that draws convict, at least what D2 counts on',
      value: detection.lazy,
      target: parameters.detection,
      met: detection.lazy >= parameters.detection,
    },
    {
      name: 'the pool pays no more than it takes, LYN',
      value: pool.paid,
      target: pool.fees,
      met: pool.paid <= pool.fees,
    },
  ]
}
