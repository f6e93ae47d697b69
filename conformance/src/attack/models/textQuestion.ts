import { decodeText } from '@lynode/script'
import { type QuestionOf, topTwo } from '../question.js'

/**
 * Which text is read. The attack goes for the column whose best class leads by the
 * least, in logits.
 *
 * @param dictionary Characters by class, as `decodeText` takes them.
 */
export function textQuestion(dictionary: readonly string[]): QuestionOf {
  const classes = dictionary.length + 2
  return (honest) => {
    const text = decodeText(honest, dictionary)
    const columns = Array.from({ length: honest.length / classes }, (_, at) => {
      const first = at * classes
      const [best, second] = topTwo(honest.subarray(first, first + classes))
      return { best: first + best, second: first + second }
    })
    const leadOf = (
      { best, second }: { best: number; second: number },
      result: Float32Array,
    ) => Math.log(result[best]! / result[second]!)
    const weakest = columns.reduce((a, b) =>
      leadOf(b, honest) < leadOf(a, honest) ? b : a,
    )
    const seed = new Float64Array(honest.length)
    seed[weakest.best] = -1 / honest[weakest.best]!
    seed[weakest.second] = 1 / honest[weakest.second]!
    return {
      lead: (result) => leadOf(weakest, result),
      seed,
      changed: (result) => decodeText(result, dictionary) !== text,
    }
  }
}
