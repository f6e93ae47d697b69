import { type Hex, hexToString } from 'viem'
import { parametersAbi } from '../abis/parametersAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

/** Which way a change of a parameter hurts stakers, by its number. */
const hurts = ['never', 'up', 'down', 'both'] as const

/** A parameter of the protocol (docs/parameters.md). */
export type Parameter = {
  name: string
  value: bigint
  /** What was scheduled, if anything was. */
  next: bigint | undefined
  /** From when `publishParameters` takes it. */
  activeAt: number | undefined
  abdicated: boolean
  minimum: bigint
  maximum: bigint
  /** Largest change at once, unless a doubling or a halving is more. */
  step: bigint
  hurts: (typeof hurts)[number]
}

/**
 * Reads all parameters with their bounds (`Parameters.names`).
 *
 * @example
 * for (const { name, value } of await getParameters(client)) console.log(name, value)
 */
export async function getParameters(
  client: LynodeReader,
): Promise<Parameter[]> {
  const names = await readAction(client, {
    contract: 'parameters',
    abi: parametersAbi,
    functionName: 'names',
    args: [],
  })
  return Promise.all(names.map((name) => getParameter(client, name)))
}

async function getParameter(
  client: LynodeReader,
  name: Hex,
): Promise<Parameter> {
  const of = { contract: 'parameters', abi: parametersAbi } as const
  const [parameter, bounds] = await Promise.all([
    readAction(client, { ...of, functionName: 'parameterOf', args: [name] }),
    readAction(client, { ...of, functionName: 'boundsOf', args: [name] }),
  ])
  const scheduled = parameter.activeAt !== 0
  return {
    name: hexToString(name, { size: 32 }),
    value: parameter.value,
    next: scheduled ? parameter.next : undefined,
    activeAt: scheduled ? parameter.activeAt : undefined,
    abdicated: parameter.abdicated,
    minimum: bounds.minimum,
    maximum: bounds.maximum,
    step: bounds.step,
    hurts: hurts[bounds.hurts] ?? 'both',
  }
}
