import {
  type ComputeOffer,
  jobStatuses,
  type Order,
  offerTypes,
  orderTypes,
  proposalStates,
} from '@lynode/sdk'
import { z } from 'zod'

/** A whole number of any size: decimal text in JSON. */
export const integer = z.codec(z.string().regex(/^-?\d+$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
})

/** A measured number: null in JSON where there is none yet. */
export const figure = z.codec(
  z.number().nullable(),
  z.union([z.number(), z.nan()]),
  {
    decode: (value) => value ?? Number.NaN,
    encode: (value) => (Number.isFinite(value) ? value : null),
  },
)

/** 0x-hex: an address, an id, a hash, bytes. */
export const hex = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]*$/)])

/** An amount with its unit, and exactly. */
export const amount = z.object({ wei: integer, text: z.string() })

/** An order, field by field as it was signed. */
export const order = struct<Order>(orderTypes.Order)

/** An offer, field by field as it was signed. */
export const offer = struct<ComputeOffer>(offerTypes.ComputeOffer)

/** What the market stores of a job. */
export const job = z.object({
  jobId: hex,
  providerId: z.int(),
  price: integer,
  time: z.int(),
  window: z.int(),
  status: z.enum(jobStatuses),
  attempt: z.int(),
  disputed: z.boolean(),
  declinable: z.boolean(),
  resultRoot: hex,
})

const action = z.object({ target: hex, value: integer, data: hex })

/** A proposal and how it stands: times in seconds, votes in LYN wei. */
export const proposal = z.object({
  proposalId: integer,
  proposer: hex,
  state: z.enum(proposalStates),
  description: z.string(),
  actions: z.array(action).readonly(),
  snapshot: integer,
  deadline: integer,
  eta: integer,
  votes: z.object({ for: integer, against: integer, abstain: integer }),
  quorum: integer,
})

/** A call of a proposal, decoded as far as its ABI is known. */
export const describedAction = action.extend({
  contract: z.string().optional(),
  functionName: z.string().optional(),
  /** Values as the ABI types them; big numbers are decimal text. */
  args: z.record(z.string(), z.unknown()),
  today: z.unknown().optional(),
  proposed: z.unknown().optional(),
  delay: z.number().optional(),
})

/** A signed struct: numbers of more than 48 bits are decimal text in JSON. */
function struct<value>(
  fields: readonly { name: string; type: string }[],
): z.ZodType<value, Record<string, unknown>> {
  const shape = Object.fromEntries(
    fields.map(({ name, type }) => {
      const [, bits] = /^uint(\d+)$/.exec(type) ?? []
      if (bits === undefined) return [name, hex]
      return [name, Number(bits) <= 48 ? z.int() : integer]
    }),
  )
  return z.object(shape) as unknown as z.ZodType<value, Record<string, unknown>>
}
