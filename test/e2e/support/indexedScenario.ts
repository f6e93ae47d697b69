import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  addZkVerifier,
  announceOffer,
  announceOrder,
  approveToken,
  bidCommitment,
  type CreateLynodeClientReturnType,
  cancelNonces,
  cancelOffer,
  claimBond,
  claimRewards,
  closeAuction,
  closeBid,
  commitBalance,
  commitProof,
  declineJob,
  delegate,
  deliverResult,
  demand,
  demandKinds,
  deposit,
  disputesAbi,
  distributeFees,
  distributeRewards,
  expireDemand,
  expireLock,
  forfeitCommit,
  jobMarketAbi,
  type LynodeClient,
  leave,
  lockJob,
  lockWinner,
  lockWithOffer,
  type ModelHeader,
  makeOrder,
  type Order,
  openAuction,
  openPool,
  placeBid,
  postOrder,
  refundJob,
  registerModel,
  registerNode,
  requestLeave,
  requestThaw,
  revealBid,
  rewardsAbi,
  rotateHotKey,
  setCapabilities,
  setCommission,
  setEndpoint,
  settleJob,
  signHotKeyConsent,
  signOffer,
  signOrder,
  undelegate,
  unjail,
  withdraw,
  withdrawDelegation,
  withdrawStake,
} from '@lynode/sdk'
import {
  type Devnet,
  type DevnetRole,
  drawSeeds,
  enrolProvider,
  type Oracle,
  workspaceRoot,
} from 'lynode/devnet'
import {
  type Abi,
  type Address,
  createTestClient,
  encodeDeployData,
  type Hex,
  http,
  parseEther,
  type TransactionReceipt,
  zeroAddress,
  zeroHash,
} from 'viem'
import {
  getBlock,
  sendTransaction,
  simulateContract,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'
import { chooseSeeds } from './chooseSeeds.js'
import { auditEverything } from './indexedAudits.js'
import { disputeEverything } from './indexedDisputes.js'
import { govern } from './indexedGovernance.js'
import {
  callBack,
  deliverProof,
  earn,
  tradeToken,
  vest,
} from './indexedMoney.js'
import { sampling } from './sampleAll.js'

const root = `0x${'7'.repeat(64)}` as const
const header: ModelHeader = {
  manifestRoot: root,
  fileRoot: root,
  fileBytes: 1n,
  values: 3,
  nodes: 1,
  inputs: 1,
  outputs: 1,
  carried: 0,
  activations: 1,
  segment: 1,
  profile: 1,
}

/**
 * Lets a chain without daemons see as many kinds of events as transactions
 * alone can make, each by the path that users take.
 */
export class IndexedScenario {
  /** Providers and verifiers, by id. */
  readonly ids = { first: 0, second: 0, verifier: 0, sleeper: 0, pool: 0 }
  readonly chain
  /** Executions that the seeds sample; no others. */
  readonly audited = new Set<Hex>()
  /** Closed while the oracle refused, and without a seed. */
  unheard = 0
  readonly #net: Devnet
  readonly #oracle: Oracle
  #answering: Promise<void> = Promise.resolve()
  #speak = () => {}
  #modelId: Hex = zeroHash
  #token: Address | undefined
  #selector: Hex | undefined

  constructor(net: Devnet) {
    this.#net = net
    this.chain = createTestClient({
      mode: 'anvil',
      transport: http(net.rpcUrl),
    })
    this.#oracle = chooseSeeds(net, async (draw) => {
      await this.#answering
      return sampling(net, draw, (execId) => this.audited.has(execId))
    })
  }

  async stop(): Promise<void> {
    this.#speak()
    await this.#oracle.stop()
  }

  /** The oracle is silent until what this returns is called. */
  silenceOracle(): () => void {
    this.#answering = new Promise((resolve) => {
      this.#speak = resolve
    })
    return this.#speak
  }

  /** Everything until now; what comes after it may be undone. */
  async run(): Promise<void> {
    // A block a second whatever the machine does meanwhile: nobody is late.
    await this.chain.setBlockTimestampInterval({ interval: 1 })
    await this.#enrol()
    await this.#lend()
    await this.#sell()
    await this.#offer()
    await this.#auction()
    await this.#dispute()
    await this.unjail('provider-owner', this.ids.first)
    await disputeEverything(this)
    await this.unjail('provider-owner', this.ids.first)
    await deliverProof(this)
    await govern(this)
    await tradeToken(this)
    await vest(this)
    await this.#keys()
    await earn(this)
    await callBack(this)
    await auditEverything(this)
    await this.#leave()
  }

  /** A job that is paid: a dozen events of five contracts. */
  async sellOnce(): Promise<void> {
    const { order, jobId } = await this.locked()
    await deliverResult.sync(this.as('provider'), { jobId, resultRoot: root })
    await this.seeded(jobId)
    await this.pass(7)
    await settleJob.sync(this.as('requester'), { order })
  }

  /** The epoch of a delivery is over, and has its seed. */
  async seeded(jobId: Hex): Promise<void> {
    await this.pass(2)
    await drawSeeds(this.as('requester'), [jobId])
  }

  /** Seconds go by, and a block is mined. */
  async pass(seconds: number): Promise<void> {
    const timestamp = BigInt((await this.time()) + seconds)
    await this.chain.setNextBlockTimestamp({ timestamp })
    await this.chain.mine({ blocks: 1 })
  }

  /** Waits for a time of the chain. */
  async until(time: number): Promise<void> {
    await this.pass(time - (await this.time()))
  }

  /** A pay token besides LYN: the same code once more. */
  async secondToken(): Promise<Address> {
    this.#token ??= await this.#deploy(
      encodeDeployData({
        ...artifactOf('LynToken'),
        args: [this.as('deployer').account.address],
      }),
    )
    return this.#token
  }

  /** Of a verifier of zk proofs that says yes to everything. */
  async provingSelector(): Promise<Hex> {
    const deployer = this.as('deployer')
    if (this.#selector === undefined) {
      // Returns 1, whatever it is asked.
      const yes = '0x69600160005260206000f3600052600a6016f3'
      const { event } = await addZkVerifier.sync(deployer, {
        verifier: await this.#deploy(yes),
      })
      this.#selector = event.selector
    }
    return this.#selector
  }

  async #deploy(data: Hex): Promise<Address> {
    const deployer = this.as('deployer')
    const hash = await sendTransaction(deployer, { data })
    const receipt = await waitForTransactionReceipt(deployer, { hash })
    if (!receipt.contractAddress) throw new Error('nothing was deployed')
    return receipt.contractAddress
  }

  /** Undoes the newest blocks: empty ones take their place. */
  async reorganise(depth: number): Promise<void> {
    await this.chain.request({
      method: 'anvil_reorg',
      params: [depth, []],
    } as never)
  }

  as(role: DevnetRole): CreateLynodeClientReturnType {
    return this.#net.client(role)
  }

  async time(): Promise<number> {
    return Number((await getBlock(this.as('requester'))).timestamp)
  }

  get contracts() {
    return this.as('requester').addressBook.contracts
  }

  async #enrol(): Promise<void> {
    const stake = parseEther('100000')
    const [owner, other] = [this.as('provider-owner'), this.as('second-owner')]
    this.ids.first = await enrolProvider(owner, {
      ...{ hot: this.as('provider'), endpoint: 'http://one', stake },
    })
    this.ids.second = await enrolProvider(other, {
      ...{ hot: this.as('second'), endpoint: 'http://two', stake },
    })
    const verifier = this.as('verifier')
    const third = this.as('third-owner')
    const { event } = await registerNode.sync(third, {
      role: 'verifier',
      hotKey: verifier.account.address,
      endpoint: '',
      consent: await signHotKeyConsent(verifier, {
        owner: third.account.address,
        role: 'verifier',
      }),
    })
    this.ids.verifier = event.providerId
    await setEndpoint.sync(owner, {
      ...{ providerId: this.ids.first, endpoint: 'http://three' },
    })
    const model = await registerModel.sync(this.as('publisher'), {
      ...{ header, classes: 0b10 },
    })
    this.#modelId = model.event.modelId
    // Bonds of bids are free balance of the hot key.
    const second = this.as('second')
    await this.deposit(second, parseEther('1000'))
  }

  /** Free balance, out of which bonds are paid. */
  async deposit(
    client: LynodeClient,
    amount: bigint,
    to: Address = client.account.address,
  ): Promise<void> {
    const { lynToken: token, ledger: spender } = this.contracts
    await approveToken(client, { token, spender, amount })
    await deposit.sync(client, { token, to, amount })
  }

  async #lend(): Promise<void> {
    const owner = this.as('provider-owner')
    const member = this.as('third')
    const providerId = this.ids.first
    const { event } = await openPool.sync(owner, {
      ...{ providerId, floorBps: 1_000, commissionBps: 500 },
    })
    const { nonce } = event
    this.ids.pool = nonce
    const { lynToken: token, stakeManager: spender } = this.contracts
    await approveToken(member, { token, spender, amount: parseEther('500') })
    const lent = await delegate.sync(member, {
      ...{ providerId, nonce, amount: parseEther('300') },
    })
    await delegate.sync(member, { providerId, nonce, amount: 777n })
    await approveToken(member, { token, spender, amount: parseEther('50') })
    await distributeRewards.sync(member, {
      ...{ providerId, amount: parseEther('10') },
    })
    await claimRewards.sync(member, {
      ...{ providerId, nonce, to: member.account.address },
    })
    await setCommission.sync(owner, { providerId, commissionBps: 700 })
    await undelegate.sync(member, {
      ...{ providerId, nonce, shares: lent.event.shares / 3n },
    })
  }

  async order(terms: Partial<Order> = {}): Promise<Order> {
    return {
      ...(await makeOrder(this.as('requester'), {
        modelId: this.#modelId,
        class: 'float',
        inputRoot: root,
        maxPrice: parseEther('9'),
      })),
      ...terms,
    }
  }

  async locked(
    terms: Partial<Order> = {},
    seller: LynodeClient = this.as('provider'),
  ) {
    return this.lock(await this.order(terms), seller)
  }

  async lock(order: Order, seller: LynodeClient = this.as('provider')) {
    const { signature, jobId } = await signOrder(this.as('requester'), {
      order,
    })
    await this.pass(2)
    await lockJob.sync(seller, { order, signature })
    return { order, jobId, signature }
  }

  async approveStake(client: LynodeClient, amount: bigint): Promise<void> {
    const { lynToken: token, stakeManager: spender } = this.contracts
    await approveToken(client, { token, spender, amount })
  }

  async #sell(): Promise<void> {
    const requester = this.as('requester')
    await this.sellOnce()
    // Announced, and never taken.
    const waiting = await this.order()
    await announceOrder.sync(requester, {
      ...{
        order: waiting,
        ...(await signOrder(requester, { order: waiting })),
      },
    })
    await cancelNonces.sync(requester, {
      word: waiting.nonce >> 8n,
      mask: 1n << (waiting.nonce & 255n),
    })
    // Posted, and expired twice: taken again, then refunded.
    const order = await this.order({ maxAttempts: 3 })
    const posted = await postOrder.sync(requester, { order })
    await this.pass(2)
    await lockJob.sync(this.as('provider'), { order, signature: '0x' })
    await this.pass(8)
    await expireLock.sync(requester, { order })
    await lockJob.sync(this.as('second'), { order, signature: '0x' })
    await this.pass(8)
    await expireLock.sync(requester, { order })
    await this.pass(40)
    await refundJob.sync(requester, { order })
    void posted
    await this.unjail('provider-owner', this.ids.first)
    await this.unjail('second-owner', this.ids.second)
    // Fees of what was paid.
    await distributeFees.sync(requester, { token: order.payToken })
    const settled = await this.locked()
    await deliverResult.sync(this.as('provider'), {
      ...{ jobId: settled.jobId, resultRoot: root },
    })
    await this.seeded(settled.jobId)
    await this.pass(7)
    await settleJob.sync(requester, { order: settled.order })
    await this.write(requester, this.contracts.rewards, rewardsAbi, 'show', [
      [settled.order],
    ])
  }

  /** Lets a jail end. */
  async unjail(role: DevnetRole, providerId: number): Promise<void> {
    await this.pass(4_000)
    await unjail.sync(this.as(role), { providerId })
  }

  async #offer(): Promise<void> {
    const requester = this.as('requester')
    const provider = this.as('provider')
    const order = await this.order()
    const terms = {
      providerId: this.ids.first,
      models: this.#modelId,
      payToken: order.payToken,
      currency: 0,
      pricePerStep: parseEther('2'),
      class: order.class,
      capacity: 10n,
      maxCollateral: order.collateral,
      minDeliver: 1,
      millisPerStep: 1,
      requester: zeroAddress,
      inputRoot: zeroHash,
      expiry: (await this.time()) + 1_000,
    }
    const announced = { ...terms, nonce: 1n }
    await announceOffer.sync(provider, {
      offer: announced,
      signature: (await signOffer(provider, { offer: announced })).signature,
    })
    const quiet = { ...terms, nonce: 2n }
    for (const offer of [announced, quiet]) {
      const { signature } = await signOffer(provider, { offer })
      const bought = await this.order()
      await this.pass(2)
      await lockWithOffer.sync(requester, {
        ...{ order: bought, signature: '0x', offer, offerSignature: signature },
      })
      if (offer === quiet) await declineJob.sync(provider, { order: bought })
    }
    await cancelOffer.sync(provider, { offer: quiet })
  }

  async #auction(): Promise<void> {
    const requester = this.as('requester')
    await this.deposit(requester, parseEther('100'))
    const now = await this.time()
    const order = await this.order({
      ...{ rampStart: now + 60, lockDuration: 60, expiry: now + 600 },
    })
    const { event } = await openAuction.sync(requester, {
      ...{ order, commitEnd: now + 30, revealEnd: now + 50 },
    })
    const { jobId } = event
    const { chainId } = requester.addressBook
    const bids = [
      ['provider', this.ids.first, parseEther('5')],
      ['second', this.ids.second, parseEther('4')],
    ] as const
    for (const [role, providerId, price] of bids)
      await placeBid.sync(this.as(role), {
        order,
        commitment: bidCommitment({
          ...{ chainId, jobId, providerId, price, salt: root },
        }),
        allowed: [],
      })
    await this.pass(31)
    for (const [, providerId, price] of bids)
      await revealBid.sync(requester, { order, providerId, price, salt: root })
    await this.pass(21)
    await lockWinner.sync(requester, { order, signature: '0x' })
    await closeBid.sync(requester, { order, providerId: this.ids.first })
    await closeAuction.sync(requester, { order })
    await deliverResult.sync(this.as('second'), { jobId, resultRoot: root })
  }

  async #dispute(): Promise<void> {
    const asker = this.as('verifier')
    const { order, jobId } = await this.locked()
    await deliverResult.sync(this.as('provider'), { jobId, resultRoot: root })
    const { event } = await demand.sync(asker, {
      order,
      model: header,
      request: {
        ...{ kind: demandKinds.trace, step: 0, value: 0, chunk: 0, count: 0 },
      },
    })
    const committed = await commitProof.sync(asker, { order, hash: root })
    await this.pass(40)
    await expireDemand.sync(asker, { order, demandId: event.demandId })
    await claimBond.sync(asker, { demandId: event.demandId })
    const { execId, commitId } = committed.event
    await forfeitCommit.sync(asker, { execId, commitId }).catch(() => undefined)
    await this.pass(30)
    await this.write(
      asker,
      this.contracts.disputes,
      disputesAbi,
      'burnReserve',
      [execId],
    )
  }

  async #keys(): Promise<void> {
    const owner = this.as('second-owner')
    const providerId = this.ids.second
    await setCapabilities.sync(owner, { providerId, capabilities: 3n })
    // Away and back: what follows is signed by the first one.
    for (const role of ['third', 'second'] as const) {
      const hot = this.as(role)
      await rotateHotKey.sync(owner, {
        providerId,
        hotKey: hot.account.address,
        consent: await signHotKeyConsent(hot, {
          ...{ owner: owner.account.address, role: 'provider' },
        }),
      })
    }
  }

  async #leave(): Promise<void> {
    const token = this.contracts.lynToken
    const requester = this.as('requester')
    const second = this.as('second')
    await commitBalance.sync(second, { token, amount: parseEther('10') })
    await requestLeave.sync(second, { token, amount: parseEther('5') })
    const member = this.as('third')
    const owner = this.as('second-owner')
    const providerId = this.ids.second
    await requestThaw.sync(owner, { providerId, amount: parseEther('50') })
    await this.pass(4_000)
    await leave.sync(second, { token })
    await withdraw.sync(second, {
      ...{ token, amount: 1n, to: requester.account.address },
    })
    await withdrawStake.sync(owner, {
      ...{ providerId, amount: parseEther('20'), to: owner.account.address },
    })
    await withdrawDelegation.sync(member, {
      ...{ thawId: 1n, to: member.account.address },
    })
    await this.write(
      requester,
      this.contracts.jobMarket,
      jobMarketAbi,
      'cancel',
      [5n, 3n],
    )
  }

  async write(
    client: LynodeClient,
    address: Hex,
    abi: unknown,
    functionName: string,
    args: readonly unknown[],
  ): Promise<TransactionReceipt> {
    const call = { address, abi, functionName, args, account: client.account }
    // What it reverts with is in the error of the simulation.
    await simulateContract(client, call as never)
    const hash = await writeContract(client, call as never)
    const receipt = await waitForTransactionReceipt(client, { hash })
    if (receipt.status !== 'success') throw new Error(`${functionName} failed`)
    return receipt
  }
}

function artifactOf(name: string): { abi: Abi; bytecode: Hex } {
  const path = join(workspaceRoot, 'out', `${name}.sol`, `${name}.json`)
  const { abi, bytecode } = JSON.parse(readFileSync(path, 'utf8'))
  return { abi, bytecode: bytecode.object }
}
