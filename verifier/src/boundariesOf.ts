import type { Manifest } from '@lynode/sdk'

/** A boundary value (RULES A7), and the node that makes it. */
export type Boundary = { value: number; node: number }

/** The boundary values of a model, in the order of its nodes. */
export function boundariesOf({ values, nodes }: Manifest): Boundary[] {
  return nodes.flatMap(({ outputs }, node) =>
    outputs.flatMap((value) =>
      values[value]?.boundary === true ? [{ value, node }] : [],
    ),
  )
}
