/** The least value of each period, at its time. */
export function floorsOf(
  samples: readonly (readonly [seconds: number, value: number])[],
  periodSeconds: number,
): (readonly [seconds: number, value: number])[] {
  const floors = new Map<number, readonly [number, number]>()
  for (const sample of samples) {
    const period = Math.floor(sample[0] / periodSeconds)
    const least = floors.get(period)
    if (least === undefined || sample[1] < least[1]) floors.set(period, sample)
  }
  return [...floors.values()]
}
