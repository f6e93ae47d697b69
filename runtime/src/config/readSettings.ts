import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { formatEther } from 'viem'
import type { z } from 'zod'
import { loadConfig, settingShapes } from './parseConfig.js'

/** A setting of a daemon, and where its value comes from. */
export type ConfigSetting = {
  name: string
  /** As a file has it; null where it is not set. Secrets in URLs are left out. */
  value: string | number | boolean | readonly string[] | null
  origin: 'file' | 'default' | 'unset'
}

/**
 * Reads every setting of a configuration, given or by default.
 *
 * @throws LynodeError `LY-CONFIG-001` with every mistake at once.
 */
export function readSettings(file: string): ConfigSetting[] {
  loadConfig(file)
  const table = parse(readFileSync(file, 'utf8'))
  return Object.entries(settingShapes).map(([name, shape]) => {
    if (name in table)
      return {
        name,
        value: withoutSecrets(table[name] as ConfigSetting['value']),
        origin: 'file',
      }
    const { data } = (shape as z.ZodType).safeParse(undefined)
    if (data === undefined) return { name, value: null, origin: 'unset' }
    return {
      name,
      // Amounts are LYN.
      value: typeof data === 'bigint' ? formatEther(data) : (data as string),
      origin: 'default',
    }
  })
}

/** Keys travel in URLs: in their user and password, and as a long part of the path. */
function withoutSecrets(value: ConfigSetting['value']): ConfigSetting['value'] {
  if (typeof value === 'object' && value !== null)
    return value.map((one) => withoutSecrets(one) as string)
  if (typeof value !== 'string' || !URL.canParse(value)) return value
  if (!/^[a-z]+:\/\//i.test(value)) return value
  return value
    .replace(/\/\/[^/@]*@/, '//***@')
    .replace(/([/=])[\w-]{20,}(?=[/?&#]|$)/g, '$1***')
}
