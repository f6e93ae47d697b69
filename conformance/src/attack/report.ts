import type { AttackRow, ClaimsRow, LeadRow } from './attackModel.js'

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

/** How clear the honest answers are. */
export function leadsTable(rows: readonly LeadRow[]): string {
  return table(
    ['model', 'least lead', 'median lead'],
    rows.map(({ model, least, median }) => [model, `${least}`, `${median}`]),
  )
}

/**
 * A page with the tables in place of those behind its marks,
 * `<!-- npm run attack: NAME -->`.
 *
 * @throws Error when the page has no such mark.
 */
export function withTables(
  page: string,
  tables: Readonly<Record<string, string>>,
): string {
  let written = page
  for (const [name, own] of Object.entries(tables)) {
    const mark = `<!-- npm run attack: ${name} -->\n\n`
    const [before, behind, ...more] = written.split(mark)
    if (before === undefined || behind === undefined || more.length > 0)
      throw new Error(`the page has no one mark ${name}`)
    written = `${before}${mark}${own}\n${behind.replace(/^(\|.*\n)*/, '')}`
  }
  return written
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
      'narrow, at the end',
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
      `${row.last} of ${row.narrow}`,
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
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join(
    '\n',
  )
}
