import { type QuestionOf, topTwo } from '../question.js'

/**
 * Which reference sentence is nearest, by the cosine of the means over all tokens,
 * as users of sentence models compare them. The lead is one of cosines.
 *
 * @param references Results of the reference sentences: tokens times width each.
 * @param width Numbers a token.
 */
export function sentenceQuestion(
  references: readonly Float32Array[],
  width: number,
): QuestionOf {
  const units = references.map((result) => unitOf(meanOf(result, width)))
  const cosines = (result: Float32Array) => {
    const own = unitOf(meanOf(result, width))
    return units.map((unit) => dot(unit, own))
  }
  return (honest) => {
    const near = cosines(honest)
    const [best, second] = topTwo(near)
    const mean = meanOf(honest, width)
    const size = Math.sqrt(dot(mean, mean))
    const own = unitOf(mean)
    const tokens = honest.length / width
    const lead = near[best]! - near[second]!
    return {
      lead: (result) => {
        const found = cosines(result)
        return found[best]! - found[second]!
      },
      seed: Float64Array.from({ length: honest.length }, (_, i) => {
        const k = i % width
        const change = units[second]![k]! - units[best]![k]! + lead * own[k]!
        return change / (size * tokens)
      }),
      changed: (result) => topTwo(cosines(result))[0] !== best,
    }
  }
}

function meanOf(result: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width)
  for (let i = 0; i < result.length; i++)
    mean[i % width]! += result[i]! / (result.length / width)
  return mean
}

function unitOf(values: Float64Array): Float64Array {
  const size = Math.sqrt(dot(values, values))
  return values.map((value) => value / size)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!
  return sum
}
