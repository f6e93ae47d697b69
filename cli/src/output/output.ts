import pc from 'picocolors'
import { z } from 'zod'
import { describeError } from './describeError.js'
import { type Document, document, encodeDocument } from './document.js'
import { toJson } from './toJson.js'

/** Options that every command has. */
export type OutputOptions = { json?: boolean | undefined }

/** What every command prints with `--json` when it fails. */
const errorDocument = document(
  'error',
  1,
  z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      remedy: z.string(),
      docs: z.string(),
    }),
  }),
)

/**
 * Prints a command's result: its JSON document, in one line if it is one of a
 * stream, or what `text` makes of it.
 */
export function printResult<
  shape extends z.ZodType,
  result extends z.output<shape>,
>(
  document: Document<shape>,
  result: result,
  options: OutputOptions & { line?: boolean | undefined },
  text: (result: result) => string,
): void {
  if (!options.json) {
    process.stdout.write(`${text(result)}\n`)
    return
  }
  const { document: printed, mismatch } = encodeDocument(document, result)
  const json = toJson(printed, options.line ? 0 : 2)
  process.stdout.write(`${json}\n`)
  if (mismatch !== undefined)
    log(`a bug: this is not ${document.id} as it is declared: ${mismatch}`)
}

/** A line about progress, on stderr: stdout carries results only. */
export function log(line: string): void {
  process.stderr.write(`${pc.dim(line)}\n`)
}

/**
 * Prints an error: JSON `{error: {code, message, remedy, docs}}` on stdout, or
 * text on stderr.
 */
export function printError(error: unknown, options: OutputOptions): void {
  const description = describeError(error)
  if (options.json) {
    printResult(errorDocument, { error: description }, options, () => '')
    return
  }
  const { code, message, remedy, docs } = description
  process.stderr.write(
    `${pc.red(`${code}`)} ${message}\n${remedy}\n${pc.dim(`See ${docs}`)}\n`,
  )
}
