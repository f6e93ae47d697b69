import { serveRunner } from '@lynode/runtime/runner'
import { alterStep } from './alterStep.js'

// The runner process of the cheating trainer: one step of many is wrong.
serveRunner({ rewriteModel: alterStep(Number(process.argv[3])) })
