import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/**
 * Ends a child process: asks first, kills it if it takes too long.
 *
 * @param graceMs - Time to end by itself.
 */
export async function stopProcess(
  child: ChildProcess,
  graceMs = 5_000,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(timer)
}
