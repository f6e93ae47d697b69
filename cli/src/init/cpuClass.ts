import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

export type CpuClass = {
  /** Model and the instructions that matter, in words. */
  text: string
  /** `plain` computes, but slowly, and integer models not at all at full speed. */
  level: 'vector' | 'plain'
}

/** Instructions that ONNX Runtime's kernels choose by. */
const named: Record<string, string> = {
  avx2: 'AVX2',
  fma: 'FMA',
  avx512f: 'AVX-512',
  avx512_vnni: 'VNNI',
  avx_vnni: 'VNNI',
  amx_tile: 'AMX',
  asimd: 'NEON',
  asimddp: 'dot product',
  sve: 'SVE',
}

/** What kind of processor this is, because it decides who reproduces the same bits (RULES B7). */
export function cpuClass(): CpuClass {
  const model = cpus()[0]?.model.trim() || process.arch
  const flags = readFlags()
  if (flags === undefined)
    return { text: `${model}, ${process.arch}`, level: 'vector' }
  const has = Object.keys(named).filter((flag) => flags.has(flag))
  const names = [...new Set(has.map((flag) => named[flag]))]
  return {
    text: `${model}: ${names.join(', ') || 'no vector instructions'}`,
    level: flags.has('avx2') || flags.has('asimd') ? 'vector' : 'plain',
  }
}

/** Flags of the first processor; only Linux tells. */
function readFlags(): Set<string> | undefined {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8')
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]
    return line === undefined ? undefined : new Set(line.split(/\s+/))
  } catch {
    // Another system: its kernels choose for themselves.
    return undefined
  }
}
