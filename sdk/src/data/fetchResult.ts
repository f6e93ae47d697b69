import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { parseResultDocument, type ResultDocument } from '../job/documents.js'
import { resultRootOf } from '../job/roots.js'
import type { Hex } from '../types/manifest.js'
import { fetchBytes } from './fetchBytes.js'
import { firstSource } from './firstSource.js'

/** Largest document that a data server keeps. */
const maxBytes = 8 * 2 ** 20

export type FetchResultParameters = {
  resultRoot: Hex
  /** Base URLs of data servers, which need not be trusted. */
  sources: readonly string[]
  sha256?: Sha256 | undefined
  signal?: AbortSignal | undefined
}

/**
 * Fetches the document behind a result root; another one is dropped.
 *
 * @throws LynodeError `LY-BLOB-005` when no source has it.
 * @example
 * const { steps } = await fetchResult({ resultRoot, sources })
 */
export function fetchResult(
  parameters: FetchResultParameters,
): Promise<ResultDocument> {
  const { resultRoot, sources, sha256, signal } = parameters
  return firstSource(
    `document ${resultRoot}`,
    sources,
    async (source) => {
      const url = `${source}/v1/bundles/${resultRoot}`
      const bytes = await fetchBytes(url, { atMost: maxBytes, signal })
      const document = parseResultDocument(
        JSON.parse(new TextDecoder().decode(bytes)),
      )
      const found = resultRootOf(document, sha256)
      if (found !== resultRoot)
        throw new LynodeError('LY-DAT-002', {
          shortMessage: `a document of root ${found}`,
        })
      return document
    },
    signal,
  )
}
