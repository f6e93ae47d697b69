/** Nothing may be sent, and nobody has shown what is needed. */
export class NotShown extends Error {
  override readonly name = 'NotShown'
}

/** The execution was closed, convicted or settled, while it was being checked. */
export class ExecutionOver extends Error {
  override readonly name = 'ExecutionOver'
  /** `withheld`: our own `expireDemand` convicted it. */
  readonly how: 'withheld' | 'closed'

  constructor(how: 'withheld' | 'closed') {
    super(`the execution is over: ${how}`)
    this.how = how
  }
}
