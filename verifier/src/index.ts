export { type StartVerifierOptions, startVerifier } from './startVerifier.js'
