import type { QuestionOf } from '../question.js'

/** From here on a pixel of the map is text: PP-OCR's own limit. */
export const limit = 0.3
/** More pixels than this share have to change sides. */
export const tolerated = 1 / 1000

const logit = (p: number) => Math.log(p / (1 - p))

/**
 * Which pixels are text. The answer is another one when more than one pixel in a
 * thousand has changed sides. The attack pushes up the pixels next below the limit,
 * one more than may change; its lead is the distance of the last of them, in logits.
 */
export const mapQuestion: QuestionOf = (honest) => {
  const most = Math.floor(honest.length * tolerated)
  const nearest = [...honest.keys()]
    .filter((i) => honest[i]! < limit && honest[i]! > 0)
    .sort((a, b) => honest[b]! - honest[a]!)
    .slice(0, most + 1)
  const seed = new Float64Array(honest.length)
  for (const i of nearest) seed[i] = 1 / (honest[i]! * (1 - honest[i]!))
  return {
    lead: (result) =>
      Math.max(...nearest.map((i) => logit(limit) - logit(result[i]!))),
    seed,
    changed: (result) => {
      let moved = 0
      for (let i = 0; i < result.length; i++)
        if (result[i]! < limit !== honest[i]! < limit) moved++
      return moved > most
    },
  }
}
