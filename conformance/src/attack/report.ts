import type { AttackRow, ClaimsRow } from './attackModel.js'

// The tables of docs/security.md, as Markdown.

/** How far it gets when every operator's results are moved. */
export function sharesTable(rows: readonly AttackRow[]): string {
  return table(
    ['model', 'profile', 'share of the room', ...outcomeHead],
    rows
      .filter(({ operators }) => operators === 'all')
      .map((row) => [
        ...[row.model, row.profile, percent(row.share)],
        ...outcomeOf(row),
      ]),
  )
}

/** How far it gets with the results of one operator alone, at all of their room. */
export function operatorsTable(rows: readonly AttackRow[]): string {
  return table(
    ['model', 'profile', 'results moved', ...outcomeHead],
    rows
      .filter(({ operators }) => operators !== 'all')
      .map((row) => [
        ...[row.model, row.profile, row.operators],
        ...outcomeOf(row),
      ]),
  )
}

const outcomeHead = ['answers changed', 'lead moved by', 'of the lead']

function outcomeOf(row: AttackRow): string[] {
  return [
    `${row.flipped} of ${row.inputs} (${percent(row.rate)})`,
    `${row.moved}`,
    `${row.closed}`,
  ]
}

/** What the twins say of the claims. */
export function claimsTable(rows: readonly ClaimsRow[]): string {
  return table(
    [
      'model',
      'profile',
      'claims judged',
      'convicted',
      'anything goes',
      'use measured of',
      'least use',
      'mean use',
    ],
    rows.map((row) => [
      row.model,
      row.profile,
      `${row.elements}`,
      `${row.convicted}`,
      `${row.anything}`,
      `${row.measured}`,
      row.least.toFixed(4),
      row.mean.toFixed(4),
    ]),
  )
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
