import { LynodeError } from '@lynode/sdk'

/** So many at once, and so many waiting; the next one is refused at once. */
export class Slots {
  readonly #atOnce: number
  readonly #most: number
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(atOnce: number, waiting: number) {
    this.#atOnce = atOnce
    this.#most = waiting
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /**
   * Runs a task when there is a place for it. A caller that leaves gives its
   * place in the line up.
   *
   * @throws LynodeError `LY-GTW-003` when the line is full; the signal's reason.
   */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#most)
        throw new LynodeError('LY-GTW-003', {
          details: `${this.#running} requests run and ${this.#most} wait`,
        })
      // The place is handed over, so nobody can slip in between.
      await new Promise<void>((resolve, reject) => {
        const enter = () => {
          signal.removeEventListener('abort', leave)
          resolve()
        }
        const leave = () => {
          this.#waiting.splice(this.#waiting.indexOf(enter), 1)
          reject(signal.reason as Error)
        }
        this.#waiting.push(enter)
        signal.addEventListener('abort', leave, { once: true })
      })
    } else this.#running++
    try {
      signal.throwIfAborted()
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
