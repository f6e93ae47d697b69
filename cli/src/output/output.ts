import pc from 'picocolors'
import { describeError } from './describeError.js'
import { toJson } from './toJson.js'

/** Options that every command has. */
export type OutputOptions = { json?: boolean | undefined }

/** Prints a command's result: one JSON document, or what `text` makes of it. */
export function printResult<result>(
  result: result,
  options: OutputOptions,
  text: (result: result) => string,
): void {
  process.stdout.write(`${options.json ? toJson(result) : text(result)}\n`)
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
    process.stdout.write(`${toJson({ error: description })}\n`)
    return
  }
  const { code, message, remedy, docs } = description
  process.stderr.write(
    `${pc.red(`${code}`)} ${message}\n${remedy}\n${pc.dim(`See ${docs}`)}\n`,
  )
}
