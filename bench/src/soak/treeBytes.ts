import { readFileSync } from 'node:fs'

/** Resident memory of a process and its children; 0 once it has ended. */
export function treeBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const own = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children
      .split(' ')
      .filter((text) => text.trim() !== '')
      .reduce((sum, child) => sum + treeBytes(Number(child)), own)
  } catch {
    // It ended between two looks.
    return 0
  }
}
