/** What a requester reads in a result, and how far it is from another answer. */
export type Question = {
  /**
   * How clear the answer is in another result of the same input: what is left of
   * the lead over another answer, in the units of the model's page.
   */
  lead(result: Float32Array): number
  /** Gradient of minus the lead with respect to the honest result. */
  seed: Float64Array
  /** Whether another result gives another answer. */
  changed(result: Float32Array): boolean
}

/** Makes the question of an input from its honest result. */
export type QuestionOf = (honest: Float32Array) => Question

/** Indices of the two greatest of some numbers. */
export function topTwo(values: ArrayLike<number>): [number, number] {
  let [best, second] = [0, -1]
  for (let i = 1; i < values.length; i++)
    if (values[i]! > values[best]!) [best, second] = [i, best]
    else if (second < 0 || values[i]! > values[second]!) second = i
  return [best, second]
}
