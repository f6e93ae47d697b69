import { readFileSync } from 'node:fs'

/** Ids of this process's children; empty where there is no /proc. */
export function childProcesses(): number[] {
  try {
    const { pid } = process
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== '')
      .map(Number)
  } catch {
    // Not Linux: peak memory stays unknown.
    return []
  }
}

/** Processor seconds that a process has used; `null` where unknown. */
export function cpuSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // User and system time are the 14th and 15th field, in ticks of 10 ms.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    // Not Linux, or the process has ended.
    return null
  }
}

/** Most memory that a process ever had resident; `null` where unknown. */
export function peakBytes(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(status) ?? []
    return kibibytes === undefined ? null : Number(kibibytes) * 1024
  } catch {
    // Not Linux, or the process has ended.
    return null
  }
}
