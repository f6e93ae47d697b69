import { serveRunner } from '@lynode/runtime/runner'
import { alterConvolution } from './alterConvolution.mjs'
serveRunner({ rewriteModel: alterConvolution })
