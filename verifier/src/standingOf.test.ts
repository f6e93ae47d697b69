import { expect, test } from 'vitest'
import { standingOf } from './standingOf.js'

test.each([
  ['a delivered one is open', 'delivered', 1, 'open'],
  ['a settled one is over', 'settled', 1, 'over'],
  ['a convicted one is over', 'convicted', 1, 'over'],
  ['another attempt came after it', 'locked', 2, 'over'],
  ['a node saw the lock last', 'locked', 1, 'behind'],
  ['a node saw the opening last', 'reopened', 1, 'behind'],
  [
    'a node saw the delivery of an attempt before it last',
    'delivered',
    0,
    'behind',
  ],
  ['a node knows nothing of the job', 'none', 0, 'behind'],
] as const)('behavior: %s', (_, status, attempt, standing) => {
  expect(standingOf({ status, attempt }, { attempt: 1 })).toBe(standing)
})
