import { LynodeError, type Manifest, profiles } from '@lynode/sdk'
import type { Logger } from 'pino'
import { fingerprintOf } from '../runner/fingerprint.js'
import type { Runner } from '../runner/runner.js'
import type { Database } from '../store/openDatabase.js'
import { blockedTest } from './blockedTest.js'

/** Raised with every change of the test: who passed another one passes anew. */
const testVersion = 1

/**
 * Numeric profiles that this machine's kernels have shown to keep. The plain one
 * needs what every runner passes before it takes work (`admitRunner`); the blocked
 * one is measured when the first model of it is met, and on a processor remembered
 * with the self-test.
 */
export class ProfileAdmission {
  readonly #options: {
    runner: Runner
    database: Database
    logger: Logger
  }
  #blocked: Promise<boolean> | undefined

  constructor(options: {
    runner: Runner
    database: Database
    logger: Logger
  }) {
    this.#options = options
  }

  /**
   * @throws LynodeError `LY-MODEL-006` when the model is of a profile that the
   * kernels of this machine do not keep: what it computes honestly could be
   * convicted.
   */
  async require(manifest: Pick<Manifest, 'header'>): Promise<void> {
    const { profile } = manifest.header
    if (profile === profiles['f32-plain']) return
    this.#blocked ??= this.#keepsBlocks()
    if (profile === profiles['f32-blocked'] && (await this.#blocked)) return
    throw new LynodeError('LY-MODEL-006', {
      shortMessage: `the model is of numeric profile ${profile}`,
    })
  }

  async #keepsBlocks(): Promise<boolean> {
    const { runner, database, logger } = this.#options
    database.exec(
      'CREATE TABLE IF NOT EXISTS self_tests (fingerprint TEXT PRIMARY KEY)',
    )
    const fingerprint = JSON.stringify([
      'f32-blocked',
      testVersion,
      fingerprintOf(runner, 'plain'),
    ])
    const passedBefore =
      runner.executionProvider === 'cpu' &&
      database
        .prepare('SELECT 1 FROM self_tests WHERE fingerprint = ?')
        .get(fingerprint) !== undefined
    if (passedBefore) return true
    const { kept, faults, seconds } = await blockedTest({ runner })
    logger.info(
      { event: 'machine.blocks', kept, faults, seconds },
      kept
        ? 'the kernels add in blocks: models of profile f32-blocked are taken'
        : 'the kernels do not add in blocks: models of profile f32-blocked are refused',
    )
    if (kept)
      database
        .prepare('INSERT OR IGNORE INTO self_tests VALUES (?)')
        .run(fingerprint)
    return kept
  }
}
