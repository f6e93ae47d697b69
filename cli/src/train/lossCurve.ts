import type { Scalar } from './trainingFolder.js'

const [width, height, margin] = [640, 320, 44]

/** A picture of the loss over the steps. */
export function lossCurve(scalars: readonly Scalar[]): string {
  const losses = scalars.filter(
    ({ tag, value }) => tag === 'loss' && Number.isFinite(value),
  )
  const last = Math.max(1, ...losses.map(({ step }) => step))
  const top = Math.max(1e-6, ...losses.map(({ value }) => value))
  const x = (step: number) => margin + (step / last) * (width - 2 * margin)
  const y = (value: number) =>
    height - margin - (value / top) * (height - 2 * margin)
  const points = losses
    .map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ')
  const [left, right] = [margin, width - margin]
  const bottom = height - margin
  const label = (at: number, to: number, text: string, anchor: string) =>
    `<text x="${at}" y="${to}" font-family="sans-serif" font-size="12" text-anchor="${anchor}">${text}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<path d="M${left} ${margin}V${bottom}H${right}" fill="none" stroke="#888"/>`,
    `<polyline points="${points}" fill="none" stroke="#1668dc" stroke-width="1.5"/>`,
    label(left - 6, bottom + 4, '0', 'end'),
    label(left - 6, margin + 4, top.toFixed(2), 'end'),
    label(right, bottom + 18, `step ${last}`, 'end'),
    label(left, margin - 12, 'loss', 'start'),
    '</svg>',
    '',
  ].join('\n')
}
