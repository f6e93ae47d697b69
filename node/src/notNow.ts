/** Why an order has to wait: no failure, and looked at again while it is open. */
export class NotNow extends Error {
  override readonly name = 'NotNow'
}
