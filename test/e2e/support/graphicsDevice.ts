import { existsSync } from 'node:fs'
import { deviceMissing, Runner } from '@lynode/runtime'

/** Where Debian's chromium has SwiftShader, a graphics device on the processor. */
const folder = '/usr/lib/chromium'

/**
 * Why there is no device for WebGPU here; `undefined` where there is one. Processes
 * that are started afterwards find SwiftShader where no driver is named.
 *
 * @throws Error on CI, which installs chromium: nothing may be skipped there.
 */
export async function graphicsMissing(): Promise<string | undefined> {
  const driver = `${folder}/vk_swiftshader_icd.json`
  if (process.env['VK_ICD_FILENAMES'] === undefined && existsSync(driver)) {
    process.env['VK_ICD_FILENAMES'] = driver
    const { LD_LIBRARY_PATH: path } = process.env
    process.env['LD_LIBRARY_PATH'] =
      path === undefined ? folder : `${folder}:${path}`
    process.env['XDG_RUNTIME_DIR'] ??= '/tmp'
  }
  const runner = new Runner({ executionProvider: 'webgpu' })
  const missing = await deviceMissing(runner)
  await runner.close()
  if (missing !== undefined && process.env['CI'] === 'true')
    throw new Error(`no device for WebGPU: ${missing}`)
  return missing
}
