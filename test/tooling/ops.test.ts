import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMetrics } from '@lynode/runtime'
import { parser } from '@prometheus-io/lezer-promql'
import { program } from 'lynode'
import { createGatewayMetrics } from 'lynode/devnet'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

// What `ops/` names has to be there: metrics, labels, commands, flags, files,
// pages. A file that merely parses would be found wrong at night.

const workspace = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(workspace, path), 'utf8')
const yaml = <T>(path: string) => parse(read(path), { merge: true }) as T

type Alert = {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; runbook: string }
}
type Panel = {
  id: number
  title: string
  targets?: { expr: string; legendFormat: string }[]
}
const alerts = yaml<{ groups: { rules: Alert[] }[] }>(
  'ops/prometheus/alerts.yml',
).groups.flatMap(({ rules }) => rules)
const dashboard = JSON.parse(read('ops/grafana/lynode.json')) as {
  panels: Panel[]
}
const targets = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
)

/** Every metric that a daemon or a gateway exports, with its own labels. */
function exported(): Map<string, string[]> {
  const metrics = createMetrics('provider')
  metrics.watchRunner(async () => 0)
  metrics.watchDisk(() => 0)
  metrics.watchJobs(() => 0)
  const known = new Map([['up', [] as string[]]])
  const gateway = createGatewayMetrics(
    { spent: () => 0n, left: () => 0n },
    { running: 0, waiting: 0 },
  )
  for (const metric of [metrics, gateway].flatMap(({ registry }) =>
    registry.getMetricsAsArray(),
  )) {
    const { name, labelNames = [] } = metric as unknown as {
      name: string
      labelNames?: string[]
    }
    const histogram = String(metric.type) === 'histogram'
    if (!histogram) known.set(name, labelNames)
    else {
      known.set(`${name}_bucket`, [...labelNames, 'le'])
      for (const part of ['sum', 'count'])
        known.set(`${name}_${part}`, labelNames)
    }
  }
  return known
}

const known = exported()
/** Of the registry itself, and of whoever scrapes it. */
const always = ['role', 'instance', 'job']

/** What an expression of PromQL names. */
function namedIn(expr: string): {
  errors: number
  metrics: string[]
  labels: string[]
} {
  const named = {
    errors: 0,
    metrics: [] as string[],
    labels: [] as string[],
  }
  // Grafana puts its variables in before Prometheus sees the expression.
  const text = expr.replaceAll('$instance', '.*')
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) named.errors++
      const found = text.slice(node.from, node.to)
      const parent = node.node.parent?.name
      if (node.name === 'Identifier' && parent === 'VectorSelector')
        named.metrics.push(found)
      if (node.name === 'LabelName') named.labels.push(found)
    },
  })
  return named
}

const expressions = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...targets.map(({ title, expr }) => [title, expr] as const),
]

test('default: the grammar finds what an expression names', () => {
  expect(
    namedIn('sum by (code) (rate(a_total{loop="x"}[5m])) > 3 and on (b) up'),
  ).toEqual({
    errors: 0,
    metrics: ['a_total', 'up'],
    labels: ['code', 'loop', 'b'],
  })
  expect(namedIn('sum by (rate(a[5m])').errors).toBeGreaterThan(0)
})

test.each(expressions)('behavior: "%s" asks for what is there', (_, expr) => {
  const { errors, metrics, labels } = namedIn(expr)
  expect(errors).toBe(0)
  expect(metrics).not.toEqual([])
  expect(metrics.filter((name) => !known.has(name))).toEqual([])
  const allowed = [...always, ...metrics.flatMap((name) => known.get(name))]
  expect(labels.filter((label) => !allowed.includes(label))).toEqual([])
})

test('behavior: texts name labels that are there', () => {
  const texts = [
    ...alerts.map(({ expr, annotations }) => [expr, annotations.summary]),
    ...targets.map(({ expr, legendFormat }) => [expr, legendFormat]),
  ] as [string, string][]
  for (const [expr, text] of texts) {
    const allowed = [
      ...always,
      ...namedIn(expr).metrics.flatMap((name) => known.get(name)),
    ]
    const inText = [...text.matchAll(/\$labels\.(\w+)|\{\{(\w+)\}\}/g)].map(
      ([, ofAlert, ofLegend]) => ofAlert ?? ofLegend,
    )
    expect(inText.filter((label) => !allowed.includes(label))).toEqual([])
  }
})

test('behavior: what operators were promised is measured and shown', () => {
  const promised =
    'build_info up_since_seconds chain_head_block chain_head_age_seconds chain_reorgs_total rpc_requests_total rpc_request_seconds wallet_balance_wei wallet_runway_seconds stake_wei jobs_seen_total jobs_skipped_total bids_total jobs_active job_deadline_slack_seconds inference_seconds inference_failures_total runner_restarts_total runner_rss_bytes tx_pending tx_replacements_total tx_seconds trace_requests_total trace_bytes_total verify_total challenges_total rewards_wei_total errors_total'
      .split(' ')
      .map((name) => `lynode_${name}`)
  const shown = targets.flatMap(({ expr }) => namedIn(expr).metrics)
  for (const name of promised) {
    const parts = [name, `${name}_bucket`]
    expect(parts.filter((part) => known.has(part))).not.toEqual([])
    expect(parts.filter((part) => shown.includes(part))).not.toEqual([])
  }
})

test('behavior: every alert has a runbook, and every runbook an alert', () => {
  const page = read('docs/operations.md')
  const [, section = ''] = page.split(/^## When an alert fires$/m)
  const runbooks = [
    ...(section.split(/^## /m)[0] ?? '').matchAll(/^### (.+)$/gm),
  ]
    .map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'))
    .map((slug) => `docs/operations.md#${slug}`)
  const named = alerts.map(({ annotations }) => annotations.runbook)
  expect([...new Set(named)].sort()).toEqual(runbooks.sort())
  for (const { alert, labels, annotations } of alerts) {
    expect(alert).toMatch(/^Lynode[A-Z]/)
    expect(['critical', 'warning', 'info']).toContain(labels.severity)
    expect(annotations.summary.length).toBeGreaterThan(15)
  }
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
})

test('behavior: panels of the dashboard are distinct', () => {
  const ids = dashboard.panels.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

type Command = {
  name(): string
  commands: readonly Command[]
  options: readonly { long?: string }[]
}

/** Holds a command line to the program that it starts. */
function expectToStart(words: readonly string[]): void {
  const [node, script = '', ...args] = words
  expect(node).toMatch(/^\/usr\/(local\/)?bin\/node$/)
  const path = script.replace('/opt/lynode/', '')
  expect(existsSync(join(workspace, path))).toBe(true)
  const flags = args.filter((word) => word.startsWith('--'))
  if (path === 'indexer/bin/indexer.js') {
    const [, usage = ''] = /const usage = `([^`]*)`/.exec(read(path)) ?? []
    const real = [...usage.matchAll(/^ {2}(--[\w-]+)/gm)].map(
      ([, flag]) => flag,
    )
    expect(real).toEqual(expect.arrayContaining(flags))
    return
  }
  expect(path).toBe('cli/bin/lynode.js')
  let command: Command = program() as unknown as Command
  let depth = 0
  for (const word of args) {
    const child = command.commands.find((one) => one.name() === word)
    if (child === undefined) break
    command = child
    depth++
  }
  expect(depth).toBeGreaterThan(0)
  expect(command.commands).toEqual([])
  // What follows is options and their values, nothing that is no command.
  expect(args[depth]).toMatch(/^--/)
  expect(command.options.map(({ long }) => long)).toEqual(
    expect.arrayContaining(flags),
  )
}

const units = readdirSync(join(workspace, 'ops/systemd'))
/** Directives that the units may use, by section: a misspelt one is ignored by systemd. */
const directives: Record<string, readonly string[]> = {
  Unit: 'Description Documentation After Wants StartLimitIntervalSec'.split(
    ' ',
  ),
  Service:
    'Type User Group StateDirectory StateDirectoryMode WorkingDirectory EnvironmentFile Environment ExecStart Restart RestartSec RestartForceExitStatus KillMode KillSignal TimeoutStopSec LimitNOFILE UMask Nice NoNewPrivileges PrivateTmp ProtectSystem ProtectHome ProtectKernelTunables ProtectKernelModules ProtectControlGroups RestrictSUIDSGID LockPersonality CapabilityBoundingSet'.split(
      ' ',
    ),
  Install: ['WantedBy'],
}

describe.each(units)('%s', (unit) => {
  const sections = new Map<string, [string, string][]>()
  for (const line of read(`ops/systemd/${unit}`).split('\n')) {
    const [, section] = /^\[(\w+)\]$/.exec(line) ?? []
    if (section !== undefined) sections.set(section, [])
    else if (line !== '' && !line.startsWith('#')) {
      const [, key = line, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
      ;[...sections.values()].at(-1)?.push([key, value])
    }
  }
  const directive = (section: string, key: string) =>
    sections.get(section)?.find(([name]) => name === key)?.[1] ?? ''

  test('default: it has every section, and directives that exist', () => {
    expect([...sections.keys()]).toEqual(['Unit', 'Service', 'Install'])
    for (const [section, entries] of sections)
      for (const [key] of entries) expect(directives[section]).toContain(key)
  })

  test('default: it starts a command that exists', () => {
    expectToStart(directive('Service', 'ExecStart').split(' '))
    const page = directive('Unit', 'Documentation').replace(
      'file:/opt/lynode/',
      '',
    )
    expect(existsSync(join(workspace, page))).toBe(true)
    // `StateDirectory` makes it, and nothing else can be written.
    expect(directive('Service', 'WorkingDirectory')).toBe(
      `/var/lib/${directive('Service', 'StateDirectory')}`,
    )
  })
})

test('default: there is a unit of each daemon', () => {
  expect(units.sort()).toEqual(
    ['gateway', 'indexer', 'provider', 'verifier'].map(
      (name) => `lynode-${name}.service`,
    ),
  )
})

type Service = {
  image: string
  build?: { context: string; dockerfile: string }
  entrypoint?: string[]
  command?: string[]
  volumes?: string[]
  ports?: string[]
}

describe('compose.yaml', () => {
  const compose = yaml<{
    services: Record<string, Service>
    volumes: Record<string, null>
  }>('ops/compose.yaml')
  const services = Object.entries(compose.services)
  const dockerfile = read('ops/Dockerfile')

  test('default: its services start commands that exist', () => {
    const [, entry = '[]'] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? []
    const ours = services.filter(([, { build }]) => build !== undefined)
    expect(ours.map(([name]) => name)).toEqual([
      'provider',
      'verifier',
      'gateway',
      'indexer',
    ])
    for (const [, { build, entrypoint, command }] of ours) {
      expect(build?.dockerfile).toBe('ops/Dockerfile')
      expectToStart([
        ...(entrypoint ?? (JSON.parse(entry) as string[])),
        ...(command ?? []),
      ])
    }
  })

  test('behavior: images are pinned, and what is mounted is there', () => {
    const mounted = new Set<string>()
    for (const [, { image, volumes = [] }] of services) {
      expect(image).toMatch(/:[\w.-]*\d[\w.-]*$/)
      for (const volume of volumes) {
        const [source = ''] = volume.split(':')
        // The operator writes `ops/config`.
        if (source.startsWith('./')) {
          if (source !== './config')
            expect(existsSync(join(workspace, 'ops', source))).toBe(true)
        } else mounted.add(source)
      }
    }
    expect([...mounted].sort()).toEqual(Object.keys(compose.volumes).sort())
    expect(/^FROM node:(\S+)/m.exec(dockerfile)?.[1]).toMatch(/^\d+\.\d+/)
  })

  test('behavior: nothing but the data server is open to strangers', () => {
    const open = services.flatMap(([name, { ports = [] }]) =>
      ports.some((port) => !port.startsWith('127.0.0.1:')) ? [name] : [],
    )
    expect(open).toEqual(['provider'])
  })

  test('behavior: Prometheus reads the rules and asks daemons and gateway', () => {
    const prometheus = yaml<{
      rule_files: string[]
      scrape_configs: {
        job_name: string
        static_configs: { targets: string[] }[]
      }[]
    }>('ops/prometheus/prometheus.yml')
    for (const file of prometheus.rule_files)
      expect(existsSync(join(workspace, 'ops/prometheus', file))).toBe(true)
    const asked = prometheus.scrape_configs.flatMap(({ static_configs }) =>
      static_configs.flatMap((one) => one.targets),
    )
    for (const target of asked)
      expect(Object.keys(compose.services)).toContain(target.split(':')[0])
    expect(prometheus.scrape_configs.map(({ job_name }) => job_name)).toEqual([
      'lynode',
      'lynode-gateway',
    ])
    for (const name of ['datasources/prometheus.yml', 'dashboards/lynode.yml'])
      expect(yaml(`ops/grafana/provisioning/${name}`)).toMatchObject({
        apiVersion: 1,
      })
  })
})
