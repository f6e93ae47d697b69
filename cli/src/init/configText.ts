import { stringify } from 'smol-toml'

/** What the configuration of a new daemon says. */
export type NewConfig = {
  role: 'provider' | 'verifier'
  rpc: string
  addressBook: string
  dataDir: string
  /** Setting that says where the hot key is, and its value. */
  key: Readonly<Record<string, string>>
  host: string
  port: number
  monitorPort: number
  threads: number
  memoryMiB: number
  deadlineSeconds: number
  minPrice: string
  pricePerSecond: string
  maxJobs: number
  /** What was measured, for the comments. */
  measured: { processor: string; gflops: string; monthCost: number }
}

/** The commented file that `lynode init` writes; every key is in docs/daemons.md. */
export function configText(config: NewConfig): string {
  const { role, measured } = config
  const parts: [comment: string, settings: Record<string, unknown>][] = [
    [
      'JSON-RPC endpoint of the chain. Best a node of your own: who answers late or\nlies can cost stake.',
      { rpc: config.rpc },
    ],
    [
      'Addresses of the contracts, as the deployment wrote them. Relative paths are\nrelative to this file.',
      { addressBook: config.addressBook },
    ],
    [
      'Database, blobs and traces. One folder a daemon. Keep it on a disk that survives:\nit holds what is owed.',
      { dataDir: config.dataDir },
    ],
    [
      'The hot key: it bids, delivers and pays gas. It cannot move stake; that takes\nthe owner key, which never belongs on this machine.',
      config.key,
    ],
    [
      'Where the data server listens. Strangers fetch results and traces from here:\nopen it to the world ("0.0.0.0") behind a fixed port.',
      { host: config.host, port: config.port },
    ],
    [
      '/health, /ready, /status and /metrics. Nothing for strangers: keep it on\nloopback or in a private network.',
      { monitorHost: '127.0.0.1', monitorPort: config.monitorPort },
    ],
    [
      `Threads of a run. They are part of what decides who reproduces the same bits.\nMeasured here: ${measured.gflops} GFLOPS on ${measured.processor}.`,
      { threads: config.threads },
    ],
    [
      'Memory of the process that runs models, in MiB; above it is killed. Models of\nmore than a quarter of it are not taken.',
      { memoryMiB: config.memoryMiB },
    ],
    [
      'Seconds that one run may take.',
      { deadlineSeconds: config.deadlineSeconds },
    ],
  ]
  if (role === 'provider')
    parts.push(
      [
        'Least price of a job in LYN: about twice what its own transactions cost.',
        { minPrice: config.minPrice },
      ],
      [
        `Price of a second of computing in LYN, before the margin: ${measured.monthCost} LYN a month,\nearned in three tenths of its seconds.`,
        { pricePerSecond: config.pricePerSecond, marginPercent: 20 },
      ],
      [
        'Jobs that may be locked and not delivered yet. Each reserves stake.',
        { maxJobs: config.maxJobs },
      ],
    )
  return [
    `# Configuration of a Lynode ${role}, written by \`lynode init\`.`,
    '# All settings and their defaults: docs/daemons.md.',
    ...parts.map(
      ([comment, settings]) =>
        `\n${comment
          .split('\n')
          .map((line) => `# ${line}`)
          .join('\n')}\n${stringify(settings).trimEnd()}`,
    ),
    '',
  ].join('\n')
}
