/**
 * Option that says which account of the network sends: `.option(...accountOption('requester'))`.
 *
 * @param usual - Whose command it usually is.
 */
export function accountOption(usual: 'requester' | 'provider-owner') {
  return [
    '--account <name>',
    'account of the network that sends',
    usual as string,
  ] as const
}
