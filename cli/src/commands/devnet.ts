import { Command } from '@commander-js/extra-typings'

export function devnetCommand() {
  return new Command('devnet')
}
