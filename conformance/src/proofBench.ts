import { parseArgs } from 'node:util'
import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import {
  buildFraudProof,
  fraudVerifierAbi,
  readManifest,
  verifyFraudProof,
} from '@lynode/sdk'
import { devnetAccounts } from 'lynode/devnet'
import {
  createWalletClient,
  encodeFunctionData,
  http,
  publicActions,
  size,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { commit, execute } from './execution/execute.js'
import { localContract } from './execution/localContract.js'
import { withElement } from './execution/pushes.js'
import { need } from './need.js'
import { noise, proofCases } from './proofs/proofCases.js'

// What a fraud proof of one element costs, by operator and size: judging it in a
// transaction of its own, on a chain of its own. What a conviction writes besides
// is in the gas snapshots of disputes.

type Row = {
  name: string
  /** Gas of the whole transaction: base, calldata or its floor, execution. */
  gas: number
  /** Bytes of calldata. */
  bytes: number
  buildMs: number
  /** By the sdk. */
  verifyMs: number
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Only cases whose name contains this. */
    only: { type: 'string', default: '' },
  },
})
const chain = await localContract()
const runner = new Runner({ sessions: 1 })
const rows: Row[] = []
const targets: { name: string; value: number; target: number; met: boolean }[] =
  []
try {
  const client = createWalletClient({
    transport: http(chain.address.rpcUrl, { timeout: 120_000 }),
    account: privateKeyToAccount(devnetAccounts().deployer.privateKey),
    chain: foundry,
  }).extend(publicActions)
  for (const make of proofCases) {
    const given = make()
    if (!given.name.includes(values.only)) continue
    const file = await canonicalise(given.model, { runner })
    const manifest = readManifest(file, nodeSha256)
    const input = new Uint8Array(noise(given.x, 1).buffer)
    const honest = await execute(
      runner,
      file,
      manifest,
      new Map([['x', input]]),
    )
    const node = manifest.nodes.length - 1
    const value = need(manifest.nodes[node]?.outputs[0], 'an output')
    const { type, name } = need(manifest.values[value], 'an output')
    const element = given.element.reduce(
      (index, at, axis) => index * need(type.dims[axis], 'an axis') + at,
      0,
    )
    // A claim of 2^60, far outside.
    const bytes = [...honest.bytes]
    bytes[value] = withElement(
      need(bytes[value], name),
      element,
      4,
      0x5d800000n,
    )
    const { commitments, roots } = commit({ manifest, bytes })
    let started = performance.now()
    const { proof, judgement } = await buildFraudProof({
      manifest,
      step: 0,
      node,
      output: 0,
      element,
      commitments,
      committed: (index) => need(bytes[index], 'a value'),
      sha256: nodeSha256,
    })
    const buildMs = performance.now() - started
    started = performance.now()
    const verified = verifyFraudProof(roots, proof, {
      sha256: nodeSha256,
    })
    const verifyMs = performance.now() - started
    if (!judgement.fraud || !verified.fraud)
      throw new Error(`${given.name}: not convicted`)
    const data = encodeFunctionData({
      abi: fraudVerifierAbi,
      functionName: 'judge',
      args: [roots, chain.address.version, proof],
    })
    const to = chain.address.verifier
    const [, , fraud] = await client.readContract({
      address: to,
      abi: fraudVerifierAbi,
      functionName: 'judge',
      args: [roots, chain.address.version, proof],
    })
    if (!fraud) throw new Error(`${given.name}: the contract does not convict`)
    const hash = await client.sendTransaction({ to, data, gas: 16_777_216n })
    const receipt = await client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success')
      throw new Error(`${given.name}: the transaction fails`)
    const gas = Number(receipt.gasUsed)
    rows.push({ name: given.name, gas, bytes: size(data), buildMs, verifyMs })
    if (given.target !== undefined)
      targets.push({
        name: given.name,
        value: gas,
        target: given.target,
        met: gas <= given.target,
      })
  }
} finally {
  await runner.close()
  await chain.stop()
}
if (values.json) console.log(JSON.stringify({ targets, proofs: rows }, null, 1))
else {
  console.table(
    rows.map(({ buildMs, verifyMs, ...row }) => ({
      ...row,
      'ms to build': Math.round(buildMs),
      'ms to verify': Math.round(verifyMs),
    })),
  )
  console.table(targets)
}
process.exitCode = rows.length > 0 && targets.every(({ met }) => met) ? 0 : 1
