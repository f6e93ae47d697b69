import { numbersOf } from '@lynode/runtime'
import {
  bindInputs,
  deliverProved,
  getZkModel,
  getZkVerifier,
  hexToBytes,
  lockJob,
  makeOrder,
  type NpyArray,
  signOrder,
  toFieldElement,
  uploadInputs,
} from '@lynode/sdk'
import { type Devnet, publishCircuit } from 'lynode/devnet'
import { parseAbi, parseEther } from 'viem'
import { waitForTransactionReceipt, writeContract } from 'viem/actions'
import type { MeasuredCircuit } from './measureCircuit.js'

/** Gas of whole transactions, calldata included. */
export type DeliveryGas = {
  /** A call of the verifier alone. */
  verifier: number
  /** `deliverProved`: the verification, the delivery and the payment. */
  delivery: number
}

/** Publishes a circuit, sells one execution of it and reads what it cost. */
export async function measureDelivery(
  devnet: Devnet,
  { canonical, manifest, circuit, step }: MeasuredCircuit,
): Promise<DeliveryGas> {
  const requester = devnet.client('requester')
  const seller = devnet.client('second')
  const server = devnet.daemons[0]?.endpoint ?? ''
  const { modelId } = manifest
  await publishCircuit(
    devnet.client('publisher'),
    server,
    canonical,
    manifest,
    circuit,
  )
  const { selector, shape } = await getZkModel(requester, { modelId })

  const inputs = step.inputs.map((bytes) => hexToBytes(bytes))
  const arrays = manifest.values
    .filter(({ kind }) => kind === 'input')
    .map(({ name, type: { dtype, dims } }, i): [string, NpyArray] => {
      return [
        name,
        { dtype, dims: [...dims], data: inputs[i] ?? new Uint8Array() },
      ]
    })
  const order = await makeOrder(requester, {
    modelId,
    class: 'zk',
    inputRoot: await uploadInputs(
      server,
      bindInputs(manifest, Object.fromEntries(arrays)),
    ),
    maxPrice: parseEther('15'),
    rampDelay: 0,
  })
  const { signature } = await signOrder(requester, { order })
  await lockJob.sync(seller, { order, signature })
  const { receipt } = await deliverProved.sync(seller, {
    order,
    shape,
    steps: [step],
  })

  const { verifier } = await getZkVerifier(requester, { selector })
  const instances = [
    ...inputs.flatMap((bytes, i) =>
      numbersOf(bytes, circuit.settings.inputScales[i] ?? 0),
    ),
    ...step.outputs.flat(),
  ].map(toFieldElement)
  const hash = await writeContract(seller, {
    address: verifier,
    abi: parseAbi([
      'function verifyProof(bytes proof, uint256[] instances) returns (bool)',
    ]),
    functionName: 'verifyProof',
    args: [step.proof, instances],
    account: seller.account,
    chain: seller.chain,
  })
  const alone = await waitForTransactionReceipt(seller, { hash })
  return {
    verifier: Number(alone.gasUsed),
    delivery: Number(receipt.gasUsed),
  }
}
