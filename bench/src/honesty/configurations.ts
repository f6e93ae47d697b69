/** Which kernels a run takes, as far as the runtime's settings decide it. */
export type Configuration = {
  /** Optimisation level of ONNX Runtime. */
  level: 'disabled' | 'basic' | 'extended' | 'all'
  threads: number
  /** Whether values that can be derived are left to the runtime to fuse (B5). */
  derived: boolean
}

/** All levels on 1 and 2 threads; what is derived matters where something is fused. */
export const configurations: readonly Configuration[] = [1, 2].flatMap(
  (threads): Configuration[] => [
    ...(['disabled', 'basic', 'extended', 'all'] as const).map((level) => ({
      level,
      threads,
      derived: false,
    })),
    { level: 'extended', threads, derived: true },
    { level: 'all', threads, derived: true },
  ],
)

/** For tables. */
export function configurationName(one: Configuration): string {
  const { level, threads, derived } = one
  return `${level}, ${threads} thread${threads === 1 ? '' : 's'}${derived ? ', derived' : ''}`
}
