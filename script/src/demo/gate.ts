/** Something that others wait for, once. */
export class Gate {
  readonly passed: Promise<void>
  #open: () => void = () => undefined
  #fail: (reason: unknown) => void = () => undefined

  constructor() {
    this.passed = new Promise((resolve, reject) => {
      this.#open = resolve
      this.#fail = reject
    })
    // Whoever waits sees the failure; nobody else has to.
    this.passed.catch(() => undefined)
  }

  open(): void {
    this.#open()
  }

  /** Lets those who wait fail for the same reason. */
  fail(reason: unknown): void {
    this.#fail(reason)
  }
}
