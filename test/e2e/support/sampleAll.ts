import { type Devnet, type Oracle, startOracle } from 'lynode/devnet'
import { chosenWord } from './chosenWord.js'

/**
 * An oracle under whose words every delivered job is audited, and every verifier
 * with stake is drawn.
 *
 * @param leastSeats - Of a verifier, by id; one if it is left out.
 */
export function sampleAll(
  net: Devnet,
  leastSeats: ReadonlyMap<number, number> = new Map(),
): Oracle {
  return startOracle({
    client: net.client('oracle'),
    word: chosenWord(net, { leastSeats }),
  })
}
