import { openDatabase } from '@lynode/runtime'
import type { Hex } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { DutyTable } from './dutyTable.js'

const execId: Hex = `0x${'2'.repeat(64)}`

function demand(digit: string, deadline: number) {
  const demandId: Hex = `0x${digit.repeat(64)}`
  return {
    demandId,
    execId,
    jobId: execId,
    request: { kind: 2, step: 0, value: 7, chunk: 3, count: 2 },
    deadline,
  }
}

test('default: the most urgent demand first, answered ones no more', () => {
  const duties = new DutyTable(openDatabase(':memory:', 'test'))
  const late = demand('a', 20)
  const soon = demand('b', 10)
  for (const row of [late, soon, late]) duties.addDemand(row)
  expect(duties.open(execId)).toEqual([soon, late])
  duties.setDemand(soon.demandId, 'answered')
  expect(duties.open(execId)).toEqual([late])
  expect(duties.answered(execId)).toEqual([soon])
})

test('behavior: a demand that comes again after a reorganisation is open again', () => {
  const duties = new DutyTable(openDatabase(':memory:', 'test'))
  duties.addDemand(demand('a', 20))
  duties.setDemand(demand('a', 20).demandId, 'answered')
  duties.addDemand(demand('a', 21))
  expect(duties.open(execId)).toEqual([demand('a', 21)])
})

test('behavior: commits are kept until they are dealt with', () => {
  const duties = new DutyTable(openDatabase(':memory:', 'test'))
  const commit = { commitId: execId, execId, revealBy: 99 }
  duties.addCommit(commit)
  duties.addCommit(commit)
  expect(duties.commits(execId)).toEqual([commit])
  duties.removeCommit(commit.commitId)
  expect(duties.commits(execId)).toEqual([])
})
