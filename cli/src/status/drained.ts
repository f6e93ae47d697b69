import { setTimeout as sleep } from 'node:timers/promises'
import type { RunFile } from '@lynode/runtime'
import { LynodeError } from '@lynode/sdk'
import { z } from 'zod'
import { hex } from '../output/fields.js'

const answer = z.object({
  pid: z.number(),
  obligations: z
    .array(
      z.object({
        jobId: hex,
        what: z.string(),
        until: z.number().optional(),
      }),
    )
    .default([]),
})

/** What a daemon left when it had ended. */
export type Left = z.infer<typeof answer>['obligations']

const everyMs = 1_000

/** Looks in a row at one that lives and says nothing, after which it hangs. */
const mostSilent = 60

/**
 * Asks a daemon to end and waits until it has.
 *
 * @returns What it still owed at the last look.
 * @throws LynodeError `LY-NET-002` when nobody answers, or another process does:
 * no signal is sent to a stranger.
 */
export async function drained(
  { pid, monitor }: RunFile,
  say: (line: string) => void,
): Promise<Left> {
  const first = await ask(monitor)
  if (first?.pid !== pid)
    throw new LynodeError('LY-NET-002', {
      shortMessage: `The daemon does not answer at ${monitor}`,
      remedy: 'It was killed: `lynode status` shows what it owes.',
    })
  process.kill(pid, 'SIGTERM')
  let left = first.obligations
  let silent = 0
  for (;;) {
    const { length } = left.filter(({ what }) => what === 'deliver')
    say(
      length === 0
        ? 'waiting for its end'
        : `waiting: ${length} job${length === 1 ? '' : 's'} to deliver`,
    )
    await sleep(everyMs)
    const now = await ask(monitor)
    if (now?.pid === pid) {
      left = now.obligations
      silent = 0
    } else if (now !== undefined || !lives(pid) || ++silent === mostSilent)
      return left
  }
}

/** One that is busy, or about to end, may live and not answer. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // no process of ours has this id
  }
}

async function ask(
  monitor: string,
): Promise<z.infer<typeof answer> | undefined> {
  try {
    const response = await fetch(`${monitor}/status`, {
      signal: AbortSignal.timeout(5_000),
    })
    return answer.parse(await response.json())
  } catch {
    // It has ended, never ran, or is too busy.
    return undefined
  }
}
