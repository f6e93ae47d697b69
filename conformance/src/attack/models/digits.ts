import { canonicalise, type Runner } from '@lynode/runtime'
import { trainClassifier } from '../classifier.js'
import { classOfLogits } from './classQuestion.js'
import type { Victim } from './victim.js'

/** The classifier that the suite trains, and how often it is right. */
export async function digits(
  runner: Runner,
  count: number,
): Promise<Victim & { accuracy: number }> {
  const { model, test, accuracy } = trainClassifier()
  return {
    name: 'digits',
    file: await canonicalise(model, { runner }),
    inputs: test
      .slice(0, count)
      .map(({ picture }) => new Map([['x', picture]])),
    questionOf: classOfLogits,
    accuracy,
  }
}
