/**
 * Decodes the output of PP-OCRv4 rec greedily (CTC): the likeliest class of
 * each column, repetitions joined, class 0 (blank) dropped.
 *
 * @param probabilities - float32 of shape 1 x columns x classes, row-major.
 * @param dictionary - Lines of `ppocr_keys_v1.txt`; class 1 is the first one,
 *   and the class after the last one is the space.
 * @throws When the output does not have one class a line, blank and space.
 */
export function decodeText(
  probabilities: Float32Array,
  dictionary: readonly string[],
): string {
  const characters = ['', ...dictionary, ' ']
  const classes = characters.length
  if (probabilities.length % classes !== 0)
    throw new Error(
      `${probabilities.length} probabilities are no columns of ${classes}`,
    )
  let text = ''
  let before = 0
  for (let at = 0; at < probabilities.length; at += classes) {
    let best = 0
    for (let index = 1; index < classes; index++)
      if ((probabilities[at + index] ?? 0) > (probabilities[at + best] ?? 0))
        best = index
    if (best !== before) text += characters[best] ?? ''
    before = best
  }
  return text
}
