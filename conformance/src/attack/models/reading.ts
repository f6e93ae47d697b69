import { readFileSync } from 'node:fs'
import { canonicalise, type Runner } from '@lynode/runtime'
import { type OcrModelName, ocrDictionary, ocrModelFile } from '@lynode/script'
import type { QuestionOf } from '../question.js'
import { classOfProbabilities } from './classQuestion.js'
import { digitPictures } from './digitPicture.js'
import { mapQuestion } from './mapQuestion.js'
import { textQuestion } from './textQuestion.js'
import type { Victim } from './victim.js'

type Setting = {
  height: number
  width: number
  /** Pixels of a digit's side, and lines of digits. */
  size: number
  lines: number
  turned?: boolean
  questionOf(): QuestionOf
}

/** Smaller pictures than the demo's: a run takes seconds in float64. */
const settings: Record<OcrModelName, Setting> = {
  cls: {
    height: 48,
    width: 192,
    size: 44,
    lines: 1,
    turned: true,
    questionOf: () => classOfProbabilities,
  },
  rec: {
    height: 48,
    width: 160,
    size: 40,
    lines: 1,
    questionOf: () => textQuestion(ocrDictionary()),
  },
  det: {
    height: 160,
    width: 160,
    size: 32,
    lines: 3,
    questionOf: () => mapQuestion,
  },
}

/** A reading model of the demo on pictures of handwritten digits. */
export async function reading(
  name: OcrModelName,
  runner: Runner,
  count: number,
): Promise<Victim> {
  const { questionOf, ...setting } = settings[name]
  const { height, width } = setting
  return {
    name,
    file: await canonicalise(readFileSync(ocrModelFile(name)), {
      shapes: { x: [1, 3, height, width] },
      runner,
    }),
    inputs: digitPictures({ count, ...setting }).map(
      (picture) => new Map([['x', picture]]),
    ),
    questionOf: questionOf(),
  }
}
