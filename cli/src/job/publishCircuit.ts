import {
  type CompiledCircuit,
  type CompiledVerifier,
  nodeSha256,
  stepTypes,
} from '@lynode/runtime'
import {
  addZkVerifier,
  bindZkModel,
  getZkModel,
  getZkVerifier,
  type Hex,
  type LynodeClient,
  LynodeError,
  type Manifest,
  registerModel,
  uploadBlob,
  type ZkModel,
  zkShapeOf,
} from '@lynode/sdk'
import { deployContract, waitForTransactionReceipt } from 'viem/actions'

/**
 * Publishes a model of class zk: deploys the verifier unless the same code is
 * there, uploads the files, registers the model and binds it to its circuit.
 * What an interrupted publication did is found and not done again.
 */
export async function publishCircuit(
  client: LynodeClient,
  server: string,
  canonical: Uint8Array<ArrayBuffer>,
  manifest: Manifest,
  circuit: Omit<CompiledCircuit, 'proving'>,
): Promise<ZkModel> {
  const selector = await verifierFor(client, circuit.verifier)
  await uploadBlob(server, canonical, { sha256: nodeSha256 })
  const [circuitRoot, keyRoot, settingsRoot] = await Promise.all(
    [circuit.files.circuit, circuit.files.key, circuit.files.settings].map(
      (bytes) =>
        uploadBlob(server, new Uint8Array(bytes), { sha256: nodeSha256 }),
    ),
  )
  if (!circuitRoot || !keyRoot || !settingsRoot)
    throw new Error('a data server gave no root')
  await unless('LY-REG-001', () =>
    registerModel.sync(client, { header: manifest.header, classes: 0b100 }),
  )
  const roots = { circuitRoot, keyRoot, settingsRoot }
  const { modelId } = manifest
  try {
    await bindZkModel.sync(client, {
      header: manifest.header,
      shape: zkShapeOf({ ...stepTypes(manifest), ...circuit.settings }),
      selector,
      maxDifference: circuit.maxDifference,
      ...roots,
    })
  } catch (error) {
    // A binding is final: an earlier one of the same circuit is as good.
    if (!(error instanceof LynodeError) || error.code !== 'LY-ZK-007')
      throw error
    const bound = await getZkModel(client, { modelId }).catch(() => {
      throw error // nothing is bound: it was refused for another reason
    })
    const same = { ...bound, ...roots, selector }
    if (JSON.stringify(bound) !== JSON.stringify(same)) throw error
  }
  return getZkModel(client, { modelId })
}

/** The selector of a verifier of this code, deployed if it is not there. */
async function verifierFor(
  client: LynodeClient,
  { bytecode, codeHash }: CompiledVerifier,
): Promise<Hex> {
  const selector = codeHash.slice(0, 10) as Hex
  try {
    await getZkVerifier(client, { selector })
    return selector
  } catch (error) {
    if (!(error instanceof LynodeError) || error.code !== 'LY-ZK-005')
      throw error
  }
  const hash = await deployContract(client, {
    abi: [],
    bytecode,
    account: client.account,
    chain: client.chain,
  })
  const { contractAddress } = await waitForTransactionReceipt(client, { hash })
  if (!contractAddress) throw new Error('the verifier was not deployed')
  const { event } = await addZkVerifier.sync(client, {
    verifier: contractAddress,
  })
  return event.selector
}

/** Runs a step of the publication; its own earlier success is no failure. */
async function unless(
  code: string,
  step: () => Promise<unknown>,
): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (!(error instanceof LynodeError) || error.code !== code) throw error
  }
}
