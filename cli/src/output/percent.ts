/** Basis points as people read them. */
export function percent(bps: number): string {
  return `${bps / 100}%`
}
