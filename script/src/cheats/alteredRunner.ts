import { serveRunner } from '@lynode/runtime/runner'
import { alterConvolution } from './alterConvolution.js'

// The runner process of the cheating provider: it computes something else.
serveRunner({ rewriteModel: alterConvolution })
