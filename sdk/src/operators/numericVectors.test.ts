import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { arithmetics } from '../types/arithmetic.js'
import { integerRecipes } from '../vectors/integerCases.js'
import { caseOf } from '../vectors/numericCases.js'
import { randomOf, vectorFile } from '../vectors/operatorVectors.js'
import { quantisedRecipes } from '../vectors/quantisedCases.js'

// Writes the vectors of the numeric families with UPDATE_VECTORS=1; otherwise
// the committed ones must be what the twins say now.
// test/differential/Operators.t.sol compares the contracts.

const folder = new URL('../../src/vectors/operators/', import.meta.url)
const perOperator = 200
const recipes = [...quantisedRecipes, ...integerRecipes]

test.each(recipes.map((recipe) => [recipe.name, recipe] as const))(
  'vectors of %s',
  (name, recipe) => {
    const seed = [...name].reduce((n, c) => n * 31 + c.charCodeAt(0), 7)
    const random = randomOf(seed | 0)
    const cases = Array.from({ length: perOperator }, (_, i) =>
      caseOf(recipe, random, i % 2 ? arithmetics.wgsl : arithmetics.plain),
    )
    const file = new URL(`${name.toLowerCase()}.json`, folder)
    const text = vectorFile(cases)
    if (process.env['UPDATE_VECTORS'] === '1') {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, text)
    }
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)
