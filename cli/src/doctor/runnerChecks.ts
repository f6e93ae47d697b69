import {
  type BlockedCase,
  blockedTest,
  type DaemonConfig,
  type ExecutionProvider,
  Runner,
  selfTest,
} from '@lynode/runtime'
import type { ProfileName } from '@lynode/sdk'
import { type Check, fail, pass, warn } from './finding.js'

/** Faults that a finding shows. */
const shownFaults = 3

/**
 * What the kernels of this machine are found to compute, and so which models it
 * takes. The checks build on each other: the first finds who computes.
 */
export function runnerChecks(
  config: Pick<DaemonConfig, 'threads' | 'executionProviders'>,
): Check[] {
  const { threads } = config
  const open = (executionProvider: ExecutionProvider) =>
    new Runner({ threads, executionProvider })
  let computes: ExecutionProvider | undefined
  const taken = new Set<ProfileName>()
  return [
    {
      name: 'runner',
      async run() {
        const failures: string[] = []
        for (const provider of config.executionProviders) {
          const runner = open(provider)
          const what = `${provider}, ${threads} thread${threads === 1 ? '' : 's'}`
          try {
            const report = await selfTest({ runner })
            const { passed, profile, judged, faults, seconds } = report
            if (!passed) {
              failures.push(`${what}: ${faults.join('; ')}`)
              continue
            }
            computes = provider
            // What profile 1 allows, profile 3 allows as well.
            taken.add(profile).add('f32-wgsl')
            return [
              ...failures.map((failure) => warn('LY-CHK-003', failure)),
              pass(
                `${what}: ${judged} elements of the reference models lie inside the bounds of profile ${profile} (${seconds.toFixed(1)} s)`,
              ),
            ]
          } finally {
            await runner.close()
          }
        }
        return failures.map((failure) => fail('LY-CHK-003', failure))
      },
    },
    {
      name: 'blocks',
      async run() {
        if (computes === undefined || !taken.has('f32-plain')) return []
        const runner = open(computes)
        try {
          const { kept, cases, faults, seconds } = await blockedTest({ runner })
          if (kept) taken.add('f32-blocked')
          return [
            kept
              ? pass(
                  `sums in blocks, as profile f32-blocked mandates: ${roundings(cases)} (${seconds.toFixed(1)} s)`,
                )
              : warn('LY-MODEL-006', faults.slice(0, shownFaults).join('; ')),
          ]
        } finally {
          await runner.close()
        }
      },
    },
    {
      name: 'profiles',
      run: async () =>
        computes === undefined
          ? []
          : [
              pass(
                `${computes} takes models of profile ${[...taken].join(', ')}`,
              ),
            ],
    },
  ]
}

/** Most roundings of a term found at each length, and what is allowed. */
function roundings(cases: readonly BlockedCase[]): string {
  const lengths = [...new Set(cases.map(({ terms }) => terms))]
  return lengths
    .map((length) => {
      const own = cases.filter(({ terms }) => terms === length)
      const most = Math.max(...own.map((one) => one.roundings))
      return `${most} of ${own[0]?.allowed} roundings at ${length} terms`
    })
    .join(', ')
}
