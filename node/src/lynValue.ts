import {
  appraise,
  currencyCodes,
  getRates,
  type LynodeReader,
  type Order,
} from '@lynode/sdk'

/**
 * What a price of an order is worth in LYN wei now, as the market converts it.
 *
 * @throws LynodeError `LY-ORA-001` while a dollar price has no healthy feeds.
 */
export async function lynValue(
  client: LynodeReader,
  order: Pick<Order, 'payToken' | 'currency'>,
  price: bigint,
): Promise<bigint> {
  const { lynToken } = client.addressBook.contracts
  const usd = order.currency === currencyCodes.usd
  if (!usd && order.payToken.toLowerCase() === lynToken.toLowerCase())
    return price
  const rates = await getRates(client, { token: order.payToken, usd })
  return appraise({ rates, usd, price, valueAtRisk: 0n }).exposure
}
