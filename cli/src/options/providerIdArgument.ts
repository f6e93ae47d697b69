import { parseProviderId } from './parseProviderId.js'

/** Argument of commands about one provider or verifier: `.argument(...providerIdArgument)`. */
export const providerIdArgument = [
  '<provider-id>',
  'id of a provider or verifier',
  parseProviderId,
] as const
