import { nodeSha256 } from '@lynode/runtime'
import {
  classCodes,
  type LynodeClient,
  LynodeError,
  type Manifest,
  registerModel,
  uploadBlob,
} from '@lynode/sdk'

/**
 * Uploads a canonical model file and registers its manifest on chain.
 *
 * @returns Whether it was registered now; false when it was there before.
 */
export async function publishModel(
  client: LynodeClient,
  server: string,
  file: Uint8Array<ArrayBuffer>,
  manifest: Manifest,
): Promise<{ registered: boolean }> {
  await uploadBlob(server, file, { sha256: nodeSha256 })
  try {
    await registerModel.sync(client, {
      header: manifest.header,
      classes: 1 << (classCodes[manifest.class] - 1),
    })
    return { registered: true }
  } catch (error) {
    if (error instanceof LynodeError && error.code === 'LY-REG-001')
      return { registered: false }
    throw error
  }
}
