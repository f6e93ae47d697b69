/** Which kernels a run takes, as far as the runtime's settings decide it. */
export type Configuration = {
  /** Execution provider. */
  provider: 'cpu' | 'webgpu'
  /** Optimisation level of ONNX Runtime. */
  level: 'disabled' | 'basic' | 'extended' | 'layout' | 'all'
  threads: number
  /** Whether values that can be derived are left to the runtime to fuse (B5). */
  derived: boolean
}

/** All levels on 1 and 2 threads; what is derived matters where something is fused. */
export const onProcessor: readonly Configuration[] = [1, 2].flatMap(
  (threads): Configuration[] => [
    ...(['disabled', 'basic', 'extended', 'layout', 'all'] as const).map(
      (level) => ({
        provider: 'cpu' as const,
        level,
        threads,
        derived: false,
      }),
    ),
    { provider: 'cpu', level: 'extended', threads, derived: true },
    { provider: 'cpu', level: 'all', threads, derived: true },
  ],
)

/** On a graphics card, or what plays one. */
export const onGraphics: readonly Configuration[] = [
  { provider: 'webgpu', level: 'disabled', threads: 1, derived: false },
  { provider: 'webgpu', level: 'all', threads: 1, derived: false },
  { provider: 'webgpu', level: 'all', threads: 1, derived: true },
]

/** For tables. */
export function configurationName(one: Configuration): string {
  const { provider, level, threads, derived } = one
  return `${provider}, ${level}, ${threads} thread${threads === 1 ? '' : 's'}${derived ? ', derived' : ''}`
}
