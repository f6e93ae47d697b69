import { type QuestionOf, topTwo } from '../question.js'

/** Which class is greatest; the lead is that of its logit over the second one's. */
export const classOfLogits: QuestionOf = (honest) => {
  const [best, second] = topTwo(honest)
  const seed = new Float64Array(honest.length)
  seed[best] = -1
  seed[second] = 1
  return {
    lead: (result) => result[best]! - result[second]!,
    seed,
    changed: (result) => topTwo(result)[0] !== best,
  }
}

/** The same of probabilities, whose logarithms differ as the logits do. */
export const classOfProbabilities: QuestionOf = (honest) => {
  const [best, second] = topTwo(honest)
  const seed = new Float64Array(honest.length)
  seed[best] = -1 / honest[best]!
  seed[second] = 1 / honest[second]!
  return {
    lead: (result) => Math.log(result[best]! / result[second]!),
    seed,
    changed: (result) => topTwo(result)[0] !== best,
  }
}
