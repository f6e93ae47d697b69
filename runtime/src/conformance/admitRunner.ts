import { LynodeError } from '@lynode/sdk'
import type { Logger } from 'pino'
import type { ExecutionProvider } from '../runner/executionProvider.js'
import { fingerprintOf } from '../runner/fingerprint.js'
import type { Runner } from '../runner/runner.js'
import type { Database } from '../store/openDatabase.js'
import { selfTest } from './selfTest.js'

export type AdmitRunnerOptions = {
  /** Execution providers in the order of preference. */
  candidates: readonly ExecutionProvider[]
  /** Makes a runner on one of them. */
  open: (executionProvider: ExecutionProvider) => Runner
  /** Where it is kept that this processor has passed. */
  database: Database
  logger: Logger
}

/** Raised with every change of the self-test: who passed another one passes anew. */
const testVersion = 3

/**
 * The runner of the first execution provider that passes the conformance
 * self-test. A processor that has passed with this version of the runtime is not
 * tested again; a graphics card always is, since its driver may have changed.
 *
 * @throws LynodeError `LY-RUNNER-007` when none passes: a node that takes work
 * all the same could be convicted for honest results.
 */
export async function admitRunner(
  options: AdmitRunnerOptions,
): Promise<Runner> {
  const { candidates, open, database, logger } = options
  database.exec(
    'CREATE TABLE IF NOT EXISTS self_tests (fingerprint TEXT PRIMARY KEY)',
  )
  const failures: string[] = []
  for (const executionProvider of candidates) {
    const runner = open(executionProvider)
    const fingerprint = JSON.stringify([
      testVersion,
      fingerprintOf(runner, 'plain'),
    ])
    const passedBefore =
      executionProvider === 'cpu' &&
      database
        .prepare('SELECT 1 FROM self_tests WHERE fingerprint = ?')
        .get(fingerprint) !== undefined
    if (passedBefore) return runner
    const report = await selfTest({ runner })
    if (report.passed) {
      logger.info(
        { event: 'machine.conforms', executionProvider, ...report },
        'the machine passed the conformance self-test',
      )
      database
        .prepare('INSERT OR IGNORE INTO self_tests VALUES (?)')
        .run(fingerprint)
      return runner
    }
    await runner.close()
    failures.push(`${executionProvider}: ${report.faults.join('; ')}`)
    logger.warn(
      { event: 'machine.unfit', executionProvider, ...report },
      'an execution provider failed the conformance self-test',
    )
  }
  throw new LynodeError('LY-RUNNER-007', {
    shortMessage: `no execution provider passed the self-test (${failures.join(' | ')})`,
  })
}
