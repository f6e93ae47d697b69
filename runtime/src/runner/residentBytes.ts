import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * Resident memory of a process in bytes; `undefined` once it has ended.
 * The operating system is asked, because a child that computes does not answer.
 */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const kilobytes =
      process.platform === 'linux'
        ? /VmRSS:\s+(\d+) kB/.exec(
            await readFile(`/proc/${pid}/status`, 'utf8'),
          )?.[1]
        : (
            await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
          ).stdout.trim()
    return kilobytes ? Number(kilobytes) * 1024 : undefined
  } catch {
    return undefined // it ended between two looks
  }
}
