import type { AskPassword, DaemonConfig } from '@lynode/runtime'
import type { Hex } from '@lynode/sdk'
import type { CheckResult } from './searchTrace.js'
import { startVerifier } from './startVerifier.js'

export type VerifyJobOptions = {
  /** A `dataDir` of its own: what a dispute needs to go on is kept in it. */
  config: DaemonConfig
  askPassword?: AskPassword | undefined
  jobId: Hex
  /** Which delivery of it. */
  attempt: number
  /** Demand and prove on chain; otherwise nothing is sent. */
  prove: boolean
  report?: ((line: string) => void) | undefined
}

export type VerifiedJob = CheckResult & {
  jobId: Hex
  execId: Hex
  providerId: number
}

/** Failures after which a look gives up; a dispute goes on until it is over. */
const mostFailures = 4

/**
 * Checks one delivered job as the daemon does, and ends: by default without a
 * transaction, else with all that a conviction takes.
 *
 * @throws what kept it from a verdict.
 */
export async function verifyJob(
  options: VerifyJobOptions,
): Promise<VerifiedJob> {
  const { jobId, attempt, prove, report } = options
  let resolve: (value: VerifiedJob) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const verdict = new Promise<VerifiedJob>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  verdict.catch(() => undefined) // whoever waits below sees it
  let failures = 0
  const verifier = await startVerifier({
    config: options.config,
    askPassword: options.askPassword,
    only: {
      jobId,
      attempt,
      look: !prove,
      onVerdict: ({ execId, providerId }, result) =>
        resolve({ jobId, execId, providerId, ...result }),
      onFailure(error) {
        failures += 1
        report?.(error instanceof Error ? error.message : String(error))
        if (!prove && failures >= mostFailures) reject(error)
      },
    },
  })
  try {
    return await verdict
  } finally {
    await verifier.stop()
  }
}
