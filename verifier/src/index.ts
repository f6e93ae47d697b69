export { readVerifierState, type VerifierState } from './readVerifierState.js'
export { type StartVerifierOptions, startVerifier } from './startVerifier.js'
