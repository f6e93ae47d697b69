import type { DescribedAction } from '@lynode/sdk'
import { toJson } from './toJson.js'

/** What a proposal does, in lines for people. */
export function actionLines(actions: readonly DescribedAction[]): string[] {
  return actions.flatMap((action, index) => {
    const { contract, functionName, args, today, proposed, delay } = action
    const title =
      functionName === undefined
        ? `unknown call ${action.data}`
        : `${functionName}(${Object.entries(args)
            .map(([name, value]) => `${name}: ${text(value)}`)
            .join(', ')})`
    return [
      `${index + 1}. ${contract ?? action.target}: ${title}`,
      ...(proposed === undefined
        ? []
        : [`   today ${text(today)}, proposed ${text(proposed)}`]),
      ...(delay === undefined
        ? []
        : [
            delay === 0
              ? '   in force with the next version'
              : `   in force ${delay} s after execution at the earliest, so that stakers can leave first`,
          ]),
      ...(action.value === 0n ? [] : [`   sends ${action.value} wei`]),
    ]
  })
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'bigint'
    ? `${value}`
    : toJson(value)
}
