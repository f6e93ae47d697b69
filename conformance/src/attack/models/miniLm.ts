import { readFileSync } from 'node:fs'
import { canonicalise, type Runner } from '@lynode/runtime'
import { miniLmFile } from '@lynode/script'
import { pick, type Random, randomOf } from '../../random.js'
import { Network } from '../network.js'
import { sentenceQuestion } from './sentenceQuestion.js'
import type { Victim } from './victim.js'

const tokens = 16
const width = 384
const references = 8
/** Of BERT's vocabulary: what stands before and behind a sentence, and its size. */
const [begin, end, vocabulary] = [101, 102, 30_522]
/** Below are marks and characters, no words. */
const firstWord = 1_996

/**
 * all-MiniLM-L6-v2 on sentences of 16 tokens. Reference sentences are words at
 * random; each word of an input is that of one of two references, at random.
 */
export async function miniLm(runner: Runner, count: number): Promise<Victim> {
  const random = randomOf(11)
  const shape = [1, tokens]
  const file = await canonicalise(readFileSync(await miniLmFile()), {
    shapes: {
      input_ids: shape,
      attention_mask: shape,
      token_type_ids: shape,
    },
    runner,
  })
  const network = new Network(file)
  const known = Array.from({ length: references }, () =>
    sentence(() => firstWord + (random() % (vocabulary - firstWord))),
  )
  const results = known.map(
    (ids) => network.forward(inputsOf(ids))[network.result]!.data,
  )
  return {
    name: 'MiniLM',
    file,
    inputs: Array.from({ length: count }, () => inputsOf(mixed(known, random))),
    questionOf: sentenceQuestion(results, width),
  }
}

function sentence(word: (at: number) => number): Float32Array {
  return Float32Array.from({ length: tokens }, (_, at) => {
    if (at === 0) return begin
    return at === tokens - 1 ? end : word(at)
  })
}

function mixed(known: readonly Float32Array[], random: Random): Float32Array {
  const pair = [pick(random, known), pick(random, known)]
  return sentence((at) => pick(random, pair)[at]!)
}

function inputsOf(ids: Float32Array): ReadonlyMap<string, Float32Array> {
  return new Map([
    ['input_ids', ids],
    ['attention_mask', new Float32Array(tokens).fill(1)],
    ['token_type_ids', new Float32Array(tokens)],
  ])
}
