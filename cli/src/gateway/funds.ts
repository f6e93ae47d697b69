import {
  approveToken,
  depositCommitted,
  formatAmount,
  getBalance,
  type LynodeClient,
} from '@lynode/sdk'

/**
 * Keeps the account's committed balance above what its open orders may take, one
 * deposit at a time: two at once would race for a nonce.
 */
export class Funds {
  readonly #client: LynodeClient
  readonly #target: bigint
  readonly #log: (line: string) => void
  #open = 0n
  #turn: Promise<unknown> = Promise.resolve()

  /** @param target - What a deposit fills the balance up to: the hour's budget. */
  constructor(
    client: LynodeClient,
    target: bigint,
    log: (line: string) => void,
  ) {
    this.#client = client
    this.#target = target
    this.#log = log
  }

  /** Makes sure that one more order is covered, and holds its money until `release`. */
  async hold(wei: bigint): Promise<() => void> {
    this.#open += wei
    const need = this.#open
    const turn = this.#turn.then(() => this.#cover(need))
    this.#turn = turn.catch(() => undefined) // the next one tries anew
    let held = true
    const release = () => {
      if (held) this.#open -= wei
      held = false
    }
    await turn.catch((error: unknown) => {
      release()
      throw error
    })
    return release
  }

  async #cover(need: bigint): Promise<void> {
    const { lynToken: token, ledger } = this.#client.addressBook.contracts
    const account = this.#client.account.address
    const { committed } = await getBalance(this.#client, { token, account })
    if (committed >= need) return
    const target = this.#target > need ? this.#target : need
    const amount = target - committed
    this.#log(`deposit ${formatAmount(amount)} for orders`)
    await approveToken(this.#client, { token, spender: ledger, amount })
    await depositCommitted.sync(this.#client, { token, amount })
  }
}
