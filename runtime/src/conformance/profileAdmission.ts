import {
  LynodeError,
  type Manifest,
  type ProfileName,
  profiles,
} from '@lynode/sdk'
import type { Logger } from 'pino'
import { fingerprintOf } from '../runner/fingerprint.js'
import type { Runner } from '../runner/runner.js'
import type { Database } from '../store/openDatabase.js'
import { blockedTest } from './blockedTest.js'
import { testedProfile } from './testedProfile.js'

/** Raised with every change of the test: who passed another one passes anew. */
const testVersion = 2

/**
 * Numeric profiles that this machine's kernels have shown to keep. What every
 * runner passes before it takes work (`admitRunner`) is the test of one of them:
 * `f32-wgsl` on WebGPU, `f32-plain`, which `f32-wgsl` contains, elsewhere. The
 * blocked one is measured when the first model of it is met, and on a processor
 * remembered with the self-test.
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
    const name = nameOf(profile)
    if (name !== undefined && (await this.#keeps(name))) return
    const { executionProvider } = this.#options.runner
    throw new LynodeError('LY-MODEL-006', {
      shortMessage: `the model is of numeric profile ${name ?? profile}, which ${executionProvider} does not keep here`,
    })
  }

  async #keeps(profile: ProfileName): Promise<boolean> {
    const tested = testedProfile(this.#options.runner.executionProvider)
    if (profile === 'f32-wgsl' || profile === tested) return true
    if (profile === 'f32-plain' || tested !== 'f32-plain') return false
    this.#blocked ??= this.#keepsBlocks()
    return this.#blocked
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

function nameOf(profile: number): ProfileName | undefined {
  const names = Object.keys(profiles) as ProfileName[]
  return names.find((name) => profiles[name] === profile)
}
