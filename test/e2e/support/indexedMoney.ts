import {
  approveToken,
  bindZkModel,
  blobRoot,
  burnAuctionAbi,
  callbackJob,
  classCodes,
  deliverProved,
  deliverResult,
  deliverWithOutputs,
  depositCommitted,
  distributeFees,
  dtypes,
  grantFactoryAbi,
  inputRootOf,
  pokePrice,
  reclaimCallbackFee,
  registerModel,
  rewardsAbi,
  settleJob,
  stakerFeesAbi,
  vestingGrantAbi,
  zkShapeOf,
} from '@lynode/sdk'
import {
  bytesToHex,
  erc20Abi,
  parseEther,
  parseEventLogs,
  sha256,
  zeroAddress,
  zeroHash,
} from 'viem'
import {
  sendTransaction,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'
import { derivedScenario } from '../../../sdk/src/vectors/scenarios.js'
import type { IndexedScenario } from './indexedScenario.js'

const tensor = { dtype: dtypes.float32, dims: [1, 1], perm: [0, 1] }
const shape = zkShapeOf({
  ...{ inputs: [tensor], inputScales: [7] },
  ...{ outputs: [tensor], outputScales: [7] },
})

/** A job of class zk, whose verifier says yes to everything. */
export async function deliverProof(on: IndexedScenario): Promise<void> {
  const { manifest } = derivedScenario()
  const publisher = on.as('publisher')
  const header = { ...manifest.header, carried: 0, inputs: 1, outputs: 1 }
  const { event } = await registerModel.sync(publisher, {
    ...{ header, classes: 0b100 },
  })
  await bindZkModel.sync(publisher, {
    ...{ header, shape, selector: await on.provingSelector() },
    ...{ maxDifference: 0.001, circuitRoot: zeroHash },
    ...{ keyRoot: zeroHash, settingsRoot: zeroHash },
  })
  const bytes = new Uint8Array(4)
  const { order } = await on.locked({
    modelId: event.modelId,
    class: classCodes.zk,
    inputRoot: inputRootOf({
      kind: 'inputs',
      steps: [[{ ...tensor, dataRoot: blobRoot(bytes) }]],
    }),
  })
  await deliverProved.sync(on.as('provider'), {
    ...{ order, shape },
    steps: [{ inputs: [bytesToHex(bytes)], outputs: [[1n]], proof: '0x' }],
  })
}

/** A job that calls its consumer, and one whose consumer nobody calls. */
export async function callBack(on: IndexedScenario): Promise<void> {
  const requester = on.as('requester')
  const outputs = [
    { header: shape.outputs[0] ?? '0x', data: '0x01020304', carried: false },
  ] as const
  const consumer = requester.account.address
  for (const called of [true, false]) {
    const { order, jobId } = await on.locked({
      ...{ callback: consumer, callbackGas: 50_000, callbackFee: 1_000n },
      maxTotal: parseEther('20'),
    })
    await deliverWithOutputs.sync(on.as('provider'), { jobId, outputs })
    await on.seeded(jobId)
    await on.pass(7)
    await settleJob.sync(requester, { order })
    if (called)
      await callbackJob.sync(on.as('third'), {
        ...{ order, outputs: [...outputs], path: [] },
        carriedRoot: sha256('0x'),
      })
    else {
      // The consumer has a month.
      await on.pass(31 * 86_400)
      await reclaimCallbackFee.sync(requester, { order })
    }
  }
}

/** What an epoch's work and stake earn, and what nobody claims. */
export async function earn(on: IndexedScenario): Promise<void> {
  const requester = on.as('requester')
  const { rewards, stakerFees } = on.contracts
  const { order, jobId } = await on.locked()
  await deliverResult.sync(on.as('provider'), { jobId, resultRoot: zeroHash })
  await on.seeded(jobId)
  await on.pass(7)
  await settleJob.sync(requester, { order })
  await on.until((Math.floor((await on.time()) / 60) + 1) * 60)
  const epoch = Math.floor((await on.time()) / 60)
  await distributeFees.sync(requester, { token: order.payToken })
  await on.write(requester, rewards, rewardsAbi, 'show', [[order]])
  await on.pass(60)
  const { first } = on.ids
  await on.write(requester, stakerFees, stakerFeesAbi, 'claim', [epoch, first])
  await on.pass(30)
  await on.write(requester, rewards, rewardsAbi, 'claim', [epoch, first])
  await on.pass(10_000)
  await on.write(requester, stakerFees, stakerFeesAbi, 'recycle', [epoch])
}

/** Fees in another token, which are sold for LYN. */
export async function tradeToken(on: IndexedScenario): Promise<void> {
  const requester = on.as('requester')
  const whale = on.as('deployer')
  const { burnAuction, ledger } = on.contracts
  const token = await on.secondToken()
  const hash = await writeContract(whale, {
    ...{ address: token, abi: erc20Abi, functionName: 'transfer' },
    args: [requester.account.address, parseEther('1000')],
  })
  await waitForTransactionReceipt(requester, { hash })
  const amount = parseEther('100')
  await approveToken(requester, { token, spender: ledger, amount })
  await depositCommitted.sync(requester, { token, amount })
  const { order, jobId } = await on.locked({
    ...{ payToken: token, verificationFee: 0n },
  })
  await deliverResult.sync(on.as('provider'), { jobId, resultRoot: zeroHash })
  await on.seeded(jobId)
  await on.pass(7)
  await settleJob.sync(requester, { order })
  await distributeFees.sync(requester, { token })
  await on.write(requester, burnAuction, burnAuctionAbi, 'start', [token])
  await approveToken(whale, {
    token: on.contracts.lynToken,
    ...{ spender: burnAuction, amount: parseEther('1000') },
  })
  await on.write(whale, burnAuction, burnAuctionAbi, 'buy', [
    token,
    parseEther('1000'),
    whale.account.address,
  ])
  await pokePrice.sync(requester, { token: on.contracts.lynToken })
}

/** A grant that pays out tokens and ether. */
export async function vest(on: IndexedScenario): Promise<void> {
  const whale = on.as('deployer')
  const { lynToken, grantFactory } = on.contracts
  const start = BigInt(await on.time())
  const grant = await on.write(whale, grantFactory, grantFactoryAbi, 'create', [
    on.as('third').account.address,
    start,
    10n,
    1n,
  ])
  const [created] = parseEventLogs({
    abi: grantFactoryAbi,
    eventName: 'GrantCreated',
    logs: grant.logs,
  })
  const address = created?.args.grant ?? zeroAddress
  const paid = await writeContract(whale, {
    ...{ address: lynToken, abi: erc20Abi, functionName: 'transfer' },
    args: [address, 1_000n],
  })
  await waitForTransactionReceipt(whale, { hash: paid })
  const ether = await sendTransaction(whale, { to: address, value: 1_000n })
  await waitForTransactionReceipt(whale, { hash: ether })
  await on.pass(20)
  await on.write(whale, address, vestingGrantAbi, 'release', [lynToken])
  await on.write(whale, address, vestingGrantAbi, 'release', [])
}
