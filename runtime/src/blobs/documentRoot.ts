import {
  type Hex,
  inputRootOf,
  LynodeError,
  parseInputsDocument,
  parseResultDocument,
  parseStatesDocument,
  parseTraceDocument,
  resultRootOf,
  statesTrees,
  traceRootOf,
} from '@lynode/sdk'
import { errorText } from '../errors/errorText.js'
import { nodeSha256 } from '../hash/nodeSha256.js'

/**
 * The root that a document of docs/protocol.md section 7 hashes to.
 *
 * @throws LynodeError `LY-DOC-001` when it is not such a document.
 */
export function documentRoot(json: unknown): Hex {
  try {
    switch (kindOf(json)) {
      case 'inputs':
        return inputRootOf(parseInputsDocument(json), nodeSha256)
      case 'result':
        return resultRootOf(parseResultDocument(json), nodeSha256)
      case 'trace':
        return traceRootOf(parseTraceDocument(json), nodeSha256)
      case 'states':
        return statesTrees(parseStatesDocument(json), nodeSha256).root.root
    }
  } catch (cause) {
    throw malformed(errorText(cause), cause)
  }
  throw malformed('its kind is none of the four')
}

function kindOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'kind' in json
    ? json.kind
    : undefined
}

function malformed(message: string, cause?: unknown): LynodeError {
  return new LynodeError('LY-DOC-001', {
    shortMessage: `not a document: ${message}`,
    cause,
  })
}
