import { expect, test } from 'vitest'
import { unreadyReasons } from './unreadyReasons.js'

test.each([
  ['before the first block', 0, 0, ['no block was read yet']],
  ['a chain that goes on', 999, 990, []],
  [
    'an endpoint that is silent',
    950,
    945,
    ['the chain was last read 50 s ago'],
  ],
  [
    'one that answers with the same block for ever',
    999,
    900,
    ['the endpoint has had no new block for 100 s'],
  ],
])('default: %s', (_, read, moved, reasons) => {
  expect(unreadyReasons({ read, moved }, false, 1_000)).toEqual(reasons)
  expect(unreadyReasons({ read, moved }, true, 1_000)).toEqual([
    ...reasons,
    'it drains',
  ])
})
