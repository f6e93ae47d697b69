import { dtypes, LynodeError, type RunResult } from '@lynode/sdk'
import { datatypeOf } from './datatypes.js'
import { elementsJson, hasJson } from './elements.js'
import type { InferRequest, RequestedOutput } from './inferRequest.js'

/** A response of the Open Inference Protocol: its bytes and headers. */
export type InferResponse = {
  body: Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}

/**
 * The outputs that a caller asks for, all of them when it names none. Asked
 * before anything is bought.
 *
 * @throws LynodeError `LY-GTW-004` when the model has no such output.
 */
export function requestedOutputs(
  request: InferRequest,
  known: readonly string[],
): RequestedOutput[] {
  const asked =
    request.outputs ??
    known.map((name) => ({ name, binary: request.binaryOutputs }))
  for (const { name } of asked)
    if (!known.includes(name))
      throw new LynodeError('LY-GTW-004', {
        details: `the model has no output ${JSON.stringify(name.slice(0, 80))}; its outputs are ${known.join(', ')}`,
      })
  return asked
}

/** Writes a result: JSON, followed by the bytes of the outputs that travel so. */
export function writeInferResponse(
  model: { name: string; version: string },
  id: string | undefined,
  outputs: readonly RequestedOutput[],
  result: RunResult,
): InferResponse {
  const parts: Uint8Array[] = []
  const entries = outputs.flatMap(({ name, binary }) => {
    const output = result.outputs[name]
    if (output === undefined) return []
    const head = `"name":${JSON.stringify(name)},"shape":${JSON.stringify(output.dims)},"datatype":"${datatypeOf(dtypes[output.dtype])}"`
    if (!binary && hasJson(output))
      return `{${head},"data":${elementsJson(output)}}`
    const { buffer, byteOffset, byteLength } = output.data
    parts.push(new Uint8Array(buffer, byteOffset, byteLength))
    return `{${head},"parameters":{"binary_data_size":${byteLength}}}`
  })
  const fields = [
    `"model_name":${JSON.stringify(model.name)}`,
    `"model_version":${JSON.stringify(model.version)}`,
    ...(id === undefined ? [] : [`"id":${JSON.stringify(id)}`]),
    `"parameters":${JSON.stringify(parametersOf(result))}`,
    `"outputs":[${entries.join()}]`,
  ]
  const json = new Uint8Array(new TextEncoder().encode(`{${fields.join()}}`))
  if (parts.length === 0)
    return { body: json, headers: { 'content-type': 'application/json' } }
  return {
    body: new Uint8Array(Buffer.concat([json, ...parts])),
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(json.length),
    },
  }
}

/** What the market says about the result; amounts in wei, as text. */
function parametersOf(result: RunResult) {
  const { jobId, class: kind, final, finalAt, providerId, price } = result
  return {
    job_id: jobId,
    class: kind,
    final,
    final_at: finalAt,
    provider: providerId,
    price_wei: price.toString(),
  }
}
