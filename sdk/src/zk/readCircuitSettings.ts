import { z } from 'zod'
import { LynodeError } from '../errors/lynodeError.js'

/**
 * Version of ezkl on both sides: circuits of other lines are not readable.
 *
 * @example
 * ezklVersion // '21.0.0'
 */
export const ezklVersion = '21.0.0'

/** What the protocol reads of a circuit's settings. */
export type CircuitSettings = {
  /** k: the circuit has 2^k rows. */
  logRows: number
  /** Rows in use. */
  rows: number
  inputScales: number[]
  outputScales: number[]
  /** Shapes of the instances: inputs, then outputs. */
  shapes: number[][]
}

const scales = z.array(z.int().min(0).max(30))

const settings = z.object({
  run_args: z.object({
    logrows: z.int().min(1).max(28),
    input_visibility: z.literal('Public'),
    output_visibility: z.literal('Public'),
    param_visibility: z.literal('Fixed'),
    commitment: z.literal('KZG'),
  }),
  num_rows: z.int().min(1),
  model_instance_shapes: z.array(z.array(z.int().min(0))),
  model_input_scales: scales,
  model_output_scales: scales,
  version: z.literal(ezklVersion),
})

/**
 * Checks the settings of a circuit: public inputs and outputs, fixed weights,
 * KZG, and the version of ezkl that this protocol speaks.
 *
 * @param bytes - The settings file (JSON).
 * @throws LynodeError `LY-ZK-015` that names each field that is wrong.
 * @example
 * const { inputScales } = readCircuitSettings(settingsFile)
 */
export function readCircuitSettings(bytes: Uint8Array): CircuitSettings {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new LynodeError('LY-ZK-015', { details: 'not JSON', cause })
  }
  const result = settings.safeParse(json)
  if (!result.success)
    throw new LynodeError('LY-ZK-015', {
      details: result.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; '),
      cause: result.error,
    })
  const { run_args, ...rest } = result.data
  return {
    logRows: run_args.logrows,
    rows: rest.num_rows,
    inputScales: rest.model_input_scales,
    outputScales: rest.model_output_scales,
    shapes: rest.model_instance_shapes,
  }
}
