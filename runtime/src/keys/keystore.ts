import { randomBytes, scrypt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { LynodeError } from '@lynode/sdk'
import { Keystore } from 'ox'
import { type Address, bytesToHex, type Hex, isHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { z } from 'zod'
import { errorText } from '../errors/errorText.js'
import { readSecretFile } from './readSecretFile.js'

/** The parameters that geth, cast and ethers accept; other costs are refused by one of them. */
const cost = { n: 262_144, r: 8, p: 1, dklen: 32 } as const

/** Most memory that a keystore of somebody else may ask for: 1 GiB. */
const maxScryptBytes = 2 ** 30

const digits = z.string().regex(/^(0x)?[0-9a-fA-F]+$/)
const schema = z.preprocess(
  // ethers writes the older spelling.
  (json) =>
    typeof json === 'object' && json !== null && 'Crypto' in json
      ? { crypto: json.Crypto, ...json }
      : json,
  z.looseObject({
    version: z.literal(3),
    address: digits.optional(),
    crypto: z.looseObject({
      cipher: z.literal('aes-128-ctr'),
      ciphertext: digits,
      cipherparams: z.looseObject({ iv: digits }),
      mac: digits,
      kdf: z.literal('scrypt'),
      kdfparams: z.looseObject({
        n: z.int().min(2),
        r: z.int().min(1),
        p: z.int().min(1),
        dklen: z.literal(32),
        salt: digits,
      }),
    }),
  }),
)

/**
 * Writes a private key into a new v3 keystore that geth, cast and ethers read
 * too, readable by its owner alone.
 *
 * @throws LynodeError `LY-KEY-008` when the file is there already: a key is never
 * overwritten.
 * @example
 * const address = await createKeystore('hot.json', generatePrivateKey(), password)
 */
export async function createKeystore(
  file: string,
  privateKey: Hex,
  password: string,
): Promise<Address> {
  const salt = randomBytes(32)
  const { n, r, p, dklen } = cost
  const keystore = Keystore.encrypt(
    privateKey,
    await derive(password, salt, cost),
    {
      iv: randomBytes(16),
      kdf: 'scrypt',
      kdfparams: { n, r, p, dklen, salt: salt.toString('hex') },
    },
  )
  const address = privateKeyToAddress(privateKey)
  const text = JSON.stringify({
    address: address.slice(2).toLowerCase(),
    ...keystore,
  })
  try {
    writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new LynodeError('LY-KEY-008', { details: file, cause })
    throw cause
  }
  return address
}

/**
 * Opens a v3 keystore.
 *
 * @returns The private key.
 * @throws LynodeError `LY-KEY-001` and `LY-KEY-003` as `readSecretFile` does,
 * `LY-KEY-002` when it is no v3 keystore with scrypt, `LY-KEY-004` for another
 * password.
 */
export async function openKeystore(
  file: string,
  password: string,
): Promise<Hex> {
  const { keystore } = readKeystore(file)
  const { kdfparams } = keystore.crypto
  const key = await derive(
    password,
    Buffer.from(plain(kdfparams.salt), 'hex'),
    kdfparams,
  )
  let privateKey: Hex
  try {
    privateKey = Keystore.decrypt(keystore, key)
  } catch (cause) {
    throw new LynodeError('LY-KEY-004', { details: file, cause })
  }
  if (!isHex(privateKey) || privateKey.length !== 66)
    throw malformed(file, 'it holds no key of 32 bytes')
  return privateKey
}

/** Whose key a keystore holds, as it says itself; unknown where it does not. */
export function keystoreAddress(file: string): Address | undefined {
  const { address } = readKeystore(file)
  return address === undefined ? undefined : `0x${plain(address)}`
}

function readKeystore(file: string): {
  keystore: Keystore.Keystore & {
    crypto: { kdfparams: z.infer<typeof schema>['crypto']['kdfparams'] }
  }
  address: string | undefined
} {
  const text = readSecretFile(file)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw malformed(file, errorText(cause), cause)
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw malformed(file, z.prettifyError(parsed.error))
  const { address, crypto } = parsed.data
  const { n, r } = crypto.kdfparams
  if (128 * n * r > maxScryptBytes)
    throw malformed(file, 'its scrypt asks for more than 1 GiB of memory')
  return {
    address,
    keystore: {
      version: 3,
      id: '',
      crypto: {
        ...crypto,
        ciphertext: plain(crypto.ciphertext),
        mac: plain(crypto.mac),
        cipherparams: { iv: plain(crypto.cipherparams.iv) },
      },
    },
  }
}

/** Node's own scrypt: natively, beside the event loop. */
async function derive(
  password: string,
  salt: Uint8Array,
  { n, r, p }: { n: number; r: number; p: number },
): Promise<Hex> {
  const key = await promisify<string, Uint8Array, number, object, Uint8Array>(
    scrypt,
  )(password, salt, 32, {
    N: n,
    r,
    p,
    maxmem: 2 * maxScryptBytes,
  })
  return bytesToHex(key)
}

function malformed(file: string, details: string, cause?: unknown) {
  return new LynodeError('LY-KEY-002', {
    shortMessage: `${file} is no v3 keystore with scrypt`,
    details,
    cause,
  })
}

function plain(hex: string): string {
  return hex.replace(/^0x/, '').toLowerCase()
}
