export { type ServeRunnerOptions, serveRunner } from '../runner/serveRunner.js'
