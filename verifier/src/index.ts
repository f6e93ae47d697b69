export { type Verdict, verdicts } from './checkTable.js'
export { readVerifierState, type VerifierState } from './readVerifierState.js'
export { type StartVerifierOptions, startVerifier } from './startVerifier.js'
export {
  type VerifiedJob,
  type VerifyJobOptions,
  verifyJob,
} from './verifyJob.js'
