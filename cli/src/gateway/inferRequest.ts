import {
  dtypes,
  elementBytes,
  elementCount,
  LynodeError,
  type NpyArray,
} from '@lynode/sdk'
import { z } from 'zod'
import { dtypeOf } from './datatypes.js'
import { readElements } from './elements.js'

const parameters = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]),
)

const schema = z.object({
  id: z.string().max(1_000).optional(),
  parameters: parameters.optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().nonnegative()).max(16),
        datatype: z.unknown(),
        parameters: parameters.optional(),
        data: z.unknown().optional(),
      }),
    )
    .max(1_000),
  outputs: z
    .array(z.object({ name: z.string(), parameters: parameters.optional() }))
    .max(1_000)
    .optional(),
})

/** An output that the caller asks for. */
export type RequestedOutput = { name: string; binary: boolean }

/** An inference request of the Open Inference Protocol, read. */
export type InferRequest = {
  id: string | undefined
  /** Of the request as a whole. */
  parameters: Readonly<Record<string, string | number | boolean>>
  inputs: Record<string, NpyArray>
  /** All outputs when the caller names none. */
  outputs: RequestedOutput[] | undefined
  /** How outputs travel that say nothing themselves. */
  binaryOutputs: boolean
}

/**
 * Reads the body of an inference request: JSON, or JSON followed by the bytes of
 * the tensors (binary tensor extension). Sizes are claims of a stranger: every
 * one is compared with what is there before anything is made of it.
 *
 * @param headerLength - `Inference-Header-Content-Length`, where it was sent.
 * @throws LynodeError `LY-GTW-004` malformed, `LY-GTW-005` a datatype that no
 * model has, `LY-INP-002` or `LY-INP-003` elements that do not fit.
 */
export function readInferRequest(
  body: Uint8Array,
  headerLength: string | undefined,
): InferRequest {
  const jsonLength = readLength(headerLength, body.length)
  const request = readJson(body.subarray(0, jsonLength))
  let at = jsonLength
  const inputs: Record<string, NpyArray> = Object.create(null)
  for (const input of request.inputs) {
    const { name, shape } = input
    if (name in inputs) throw malformed(`input ${quote(name)} is given twice`)
    const dtype = dtypeOf(quote(name), input.datatype)
    refuseShared(name, input.parameters)
    const count = elementCount(shape)
    const bytes = count * (elementBytes(dtype) ?? Number.NaN)
    const size = input.parameters?.['binary_data_size']
    if (size === undefined) {
      if (input.data === undefined)
        throw malformed(`input ${quote(name)} has neither data nor binary data`)
      const data = readElements(quote(name), dtype, shape, input.data)
      inputs[name] = { dtype, dims: shape, data }
      continue
    }
    if (input.data !== undefined)
      throw malformed(`input ${quote(name)} has data and binary data`)
    if (!isSize(size))
      throw malformed(`the binary_data_size of ${quote(name)} is no size`)
    if (size !== bytes)
      throw new LynodeError('LY-INP-003', {
        details: `${quote(name)} has ${size} bytes of binary data, its shape and datatype need ${bytes}`,
      })
    if (size > body.length - at)
      throw malformed(
        `the body ends ${size - (body.length - at)} bytes before the end of ${quote(name)}`,
      )
    const data = body.slice(at, at + size)
    if (dtype === dtypes.bool && data.some((byte) => byte > 1))
      throw new LynodeError('LY-INP-002', {
        details: `${quote(name)}: a BOOL is a byte of 0 or 1`,
      })
    inputs[name] = { dtype, dims: shape, data }
    at += size
  }
  if (at !== body.length)
    throw malformed(`${body.length - at} bytes belong to no input`)
  const { binary_data_output: binary = false } = request.parameters ?? {}
  const binaryOutputs = readFlag('binary_data_output', binary)
  return {
    id: request.id,
    parameters: request.parameters ?? {},
    inputs,
    outputs: request.outputs?.map((output) =>
      readOutput(output, binaryOutputs),
    ),
    binaryOutputs,
  }
}

function readLength(text: string | undefined, bodyLength: number): number {
  if (text === undefined) return bodyLength
  const length = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (length >= 1 && length <= bodyLength) return length
  throw malformed(
    `Inference-Header-Content-Length is ${quote(text)}, the body has ${bodyLength} bytes`,
  )
}

function readJson(bytes: Uint8Array): z.output<typeof schema> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw malformed('the request is not JSON', cause)
  }
  const read = schema.safeParse(json)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw malformed(
    `${issue?.path.join('.') || 'request'}: ${issue?.message}`,
    read.error,
  )
}

function readOutput(
  output: {
    name: string
    parameters?: z.output<typeof parameters> | undefined
  },
  otherwise: boolean,
): RequestedOutput {
  const { name, parameters: given = {} } = output
  refuseShared(name, given)
  if (given['classification'] !== undefined)
    throw malformed(`classification of output ${quote(name)} is not offered`)
  return {
    name,
    binary: readFlag('binary_data', given['binary_data'] ?? otherwise),
  }
}

function refuseShared(
  name: string,
  given: z.output<typeof parameters> | undefined,
): void {
  if (given?.['shared_memory_region'] !== undefined)
    throw malformed(`shared memory is not offered: ${quote(name)}`)
}

function readFlag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw malformed(`${name} is neither true nor false`)
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** A name of a stranger, shortened, for a message. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}

function malformed(details: string, cause?: unknown): LynodeError {
  return new LynodeError('LY-GTW-004', { details, cause })
}
