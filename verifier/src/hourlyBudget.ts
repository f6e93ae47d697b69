/** Seconds in which what was spent is forgotten. */
const hour = 3_600

/** Seconds of computing that may be spent in any hour. */
export class HourlyBudget {
  readonly #perHour: number | undefined
  readonly #now: () => number
  #spent: { at: number; seconds: number }[] = []

  /**
   * @param perHour - No limit if it is left out.
   * @param now - Wall clock in seconds.
   */
  constructor(
    perHour: number | undefined,
    now: () => number = () => Date.now() / 1_000,
  ) {
    this.#perHour = perHour
    this.#now = now
  }

  /** Takes down what something took. */
  spend(seconds: number): void {
    this.#spent.push({ at: this.#now(), seconds })
  }

  /** Whether nothing more may be begun now. */
  get spent(): boolean {
    if (this.#perHour === undefined) return false
    const since = this.#now() - hour
    this.#spent = this.#spent.filter(({ at }) => at > since)
    const total = this.#spent.reduce((sum, { seconds }) => sum + seconds, 0)
    return total >= this.#perHour
  }
}
