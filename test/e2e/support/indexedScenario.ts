import {
  announceOffer,
  announceOrder,
  approveToken,
  bidCommitment,
  cancelNonces,
  cancelOffer,
  castVote,
  claimBond,
  claimRewards,
  closeAuction,
  closeBid,
  commitBalance,
  commitProof,
  declineJob,
  delegate,
  delegateVotes,
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
  setCommission,
  setEndpoint,
  settleJob,
  signHotKeyConsent,
  signOffer,
  signOrder,
  takeStance,
  undelegate,
  unjail,
  voteStake,
  withdraw,
  withdrawDelegation,
  withdrawStake,
} from '@lynode/sdk'
import { type Devnet, drawSeeds, enrolProvider } from 'lynode/devnet'
import {
  createTestClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  parseAbi,
  parseEther,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import {
  getBlock,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'

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
const governor = parseAbi([
  'function propose(address[],uint256[],bytes[],string) returns (uint256)',
  'function queue(address[],uint256[],bytes[],bytes32)',
  'function execute(address[],uint256[],bytes[],bytes32)',
  'function hashProposal(address[],uint256[],bytes[],bytes32) view returns (uint256)',
])
const parameters = parseAbi([
  'function schedule(bytes32,uint256)',
  'function publish()',
])

/**
 * Lets a chain without daemons see as many kinds of events as transactions
 * alone can make, each by the path that users take.
 */
export class IndexedScenario {
  readonly #net: Devnet
  readonly #chain
  #ids = { first: 0, second: 0, verifier: 0 }
  #modelId: Hex = zeroHash

  constructor(net: Devnet) {
    this.#net = net
    this.#chain = createTestClient({
      mode: 'anvil',
      transport: http(net.rpcUrl),
    })
  }

  async run(): Promise<void> {
    await this.#enrol()
    await this.#lend()
    await this.#sell()
    await this.#offer()
    await this.#auction()
    await this.#dispute()
    await this.#govern()
    await this.#leave()
  }

  /** A job that is paid: a dozen events of five contracts. */
  async sellOnce(): Promise<void> {
    const { order, jobId } = await this.#locked()
    await deliverResult.sync(this.#as('provider'), { jobId, resultRoot: root })
    await this.#seeded(jobId)
    await this.pass(7)
    await settleJob.sync(this.#as('requester'), { order })
  }

  /** The epoch of a delivery is over, and has its seed. */
  async #seeded(jobId: Hex): Promise<void> {
    await this.pass(2)
    await drawSeeds(this.#as('requester'), [jobId])
  }

  /** Seconds go by, and a block is mined. */
  async pass(seconds: number): Promise<void> {
    await this.#chain.increaseTime({ seconds })
    await this.#chain.mine({ blocks: 1 })
  }

  /** Undoes the newest blocks: empty ones take their place. */
  async reorganise(depth: number): Promise<void> {
    await this.#chain.request({
      method: 'anvil_reorg',
      params: [depth, []],
    } as never)
  }

  #as(role: Parameters<Devnet['client']>[0]) {
    return this.#net.client(role)
  }

  async #time(): Promise<number> {
    return Number((await getBlock(this.#as('requester'))).timestamp)
  }

  get #contracts() {
    return this.#as('requester').addressBook.contracts
  }

  async #enrol(): Promise<void> {
    const stake = parseEther('100000')
    const [owner, other] = [
      this.#as('provider-owner'),
      this.#as('second-owner'),
    ]
    this.#ids.first = await enrolProvider(owner, {
      ...{ hot: this.#as('provider'), endpoint: 'http://one', stake },
    })
    this.#ids.second = await enrolProvider(other, {
      ...{ hot: this.#as('second'), endpoint: 'http://two', stake },
    })
    const verifier = this.#as('verifier')
    const third = this.#as('third-owner')
    const { event } = await registerNode.sync(third, {
      role: 'verifier',
      hotKey: verifier.account.address,
      endpoint: '',
      consent: await signHotKeyConsent(verifier, {
        owner: third.account.address,
        role: 'verifier',
      }),
    })
    this.#ids.verifier = event.providerId
    await setEndpoint.sync(owner, {
      ...{ providerId: this.#ids.first, endpoint: 'http://three' },
    })
    const model = await registerModel.sync(this.#as('publisher'), {
      ...{ header, classes: 0b10 },
    })
    this.#modelId = model.event.modelId
    // Bonds of bids are free balance of the hot key.
    const second = this.#as('second')
    await this.#deposit(second, parseEther('1000'))
  }

  async #deposit(
    client: ReturnType<IndexedScenario['client']>,
    amount: bigint,
  ): Promise<void> {
    const { lynToken: token, ledger: spender } = this.#contracts
    await approveToken(client, { token, spender, amount })
    await deposit.sync(client, { token, to: client.account.address, amount })
  }

  /** For the type of a client only. */
  client(role: Parameters<Devnet['client']>[0]) {
    return this.#net.client(role)
  }

  async #lend(): Promise<void> {
    const owner = this.#as('provider-owner')
    const member = this.#as('third')
    const providerId = this.#ids.first
    const { event } = await openPool.sync(owner, {
      ...{ providerId, floorBps: 1_000, commissionBps: 500 },
    })
    const { nonce } = event
    const { lynToken: token, stakeManager: spender } = this.#contracts
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

  async #order(terms: Partial<Order> = {}): Promise<Order> {
    return {
      ...(await makeOrder(this.#as('requester'), {
        modelId: this.#modelId,
        class: 'float',
        inputRoot: root,
        maxPrice: parseEther('9'),
      })),
      ...terms,
    }
  }

  async #locked(terms: Partial<Order> = {}) {
    const order = await this.#order(terms)
    const { signature, jobId } = await signOrder(this.#as('requester'), {
      order,
    })
    await this.pass(2)
    await lockJob.sync(this.#as('provider'), { order, signature })
    return { order, jobId, signature }
  }

  async #sell(): Promise<void> {
    const requester = this.#as('requester')
    await this.sellOnce()
    // Announced, and never taken.
    const waiting = await this.#order()
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
    const order = await this.#order({ maxAttempts: 3 })
    const posted = await postOrder.sync(requester, { order })
    await this.pass(2)
    await lockJob.sync(this.#as('provider'), { order, signature: '0x' })
    await this.pass(8)
    await expireLock.sync(requester, { order })
    await lockJob.sync(this.#as('second'), { order, signature: '0x' })
    await this.pass(8)
    await expireLock.sync(requester, { order })
    await this.pass(40)
    await refundJob.sync(requester, { order })
    void posted
    await this.#unjail()
    // Fees of what was paid.
    await distributeFees.sync(requester, { token: order.payToken })
    const settled = await this.#locked()
    await deliverResult.sync(this.#as('provider'), {
      ...{ jobId: settled.jobId, resultRoot: root },
    })
    await this.#seeded(settled.jobId)
    await this.pass(7)
    await settleJob.sync(requester, { order: settled.order })
    await this.#write(requester, this.#contracts.rewards, rewardsAbi, 'show', [
      [settled.order],
    ])
  }

  async #unjail(): Promise<void> {
    await this.pass(4_000)
    for (const [role, providerId] of [
      ['provider-owner', this.#ids.first],
      ['second-owner', this.#ids.second],
    ] as const)
      await unjail.sync(this.#as(role), { providerId })
  }

  async #offer(): Promise<void> {
    const requester = this.#as('requester')
    const provider = this.#as('provider')
    const order = await this.#order()
    const terms = {
      providerId: this.#ids.first,
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
      expiry: (await this.#time()) + 1_000,
    }
    const announced = { ...terms, nonce: 1n }
    await announceOffer.sync(provider, {
      offer: announced,
      signature: (await signOffer(provider, { offer: announced })).signature,
    })
    const quiet = { ...terms, nonce: 2n }
    for (const offer of [announced, quiet]) {
      const { signature } = await signOffer(provider, { offer })
      const bought = await this.#order()
      await this.pass(2)
      await lockWithOffer.sync(requester, {
        ...{ order: bought, signature: '0x', offer, offerSignature: signature },
      })
      if (offer === quiet) await declineJob.sync(provider, { order: bought })
    }
    await cancelOffer.sync(provider, { offer: quiet })
  }

  async #auction(): Promise<void> {
    const requester = this.#as('requester')
    await this.#deposit(requester, parseEther('100'))
    const now = await this.#time()
    const order = await this.#order({
      ...{ rampStart: now + 60, lockDuration: 60, expiry: now + 600 },
    })
    const { event } = await openAuction.sync(requester, {
      ...{ order, commitEnd: now + 30, revealEnd: now + 50 },
    })
    const { jobId } = event
    const { chainId } = requester.addressBook
    const bids = [
      ['provider', this.#ids.first, parseEther('5')],
      ['second', this.#ids.second, parseEther('4')],
    ] as const
    for (const [role, providerId, price] of bids)
      await placeBid.sync(this.#as(role), {
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
    await closeBid.sync(requester, { order, providerId: this.#ids.first })
    await closeAuction.sync(requester, { order })
    await deliverResult.sync(this.#as('second'), { jobId, resultRoot: root })
  }

  async #dispute(): Promise<void> {
    const asker = this.#as('verifier')
    const { order, jobId } = await this.#locked()
    await deliverResult.sync(this.#as('provider'), { jobId, resultRoot: root })
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
    await this.#write(
      asker,
      this.#contracts.disputes,
      disputesAbi,
      'burnReserve',
      [execId],
    )
  }

  async #govern(): Promise<void> {
    const whale = this.#as('deployer')
    const owner = this.#as('provider-owner')
    await delegateVotes.sync(whale, { to: whale.account.address })
    await this.pass(2)
    const target = this.#contracts.parameters
    const calls = [
      [target],
      [0n],
      [
        encodeFunctionData({
          abi: parameters,
          args: [stringToHex('feeBpsLyn', { size: 32 }), 100n],
          functionName: 'schedule',
        }),
      ],
    ] as const
    const content = [...calls, keccak256(stringToHex('cheaper'))] as const
    const { governor: address } = this.#contracts
    await this.#write(whale, address, governor, 'propose', [
      ...calls,
      'cheaper',
    ])
    const proposalId = await this.#proposal(content)
    await this.pass(3)
    await castVote.sync(whale, {
      proposalId,
      support: 'for',
      reason: 'why not',
    })
    const providerId = this.#ids.first
    await voteStake.sync(owner, {
      ...{ proposalId, providerId, nonce: 0, support: 'against' },
    })
    await takeStance.sync(owner, { proposalId, providerId, support: 'abstain' })
    await this.pass(90)
    await this.#write(whale, address, governor, 'queue', content)
    await this.pass(10)
    await this.#write(whale, address, governor, 'execute', content)
    await this.#write(whale, target, parameters, 'publish', [])
  }

  async #proposal(content: readonly unknown[]): Promise<bigint> {
    const { readContract } = await import('viem/actions')
    return readContract(this.#as('requester'), {
      address: this.#contracts.governor,
      abi: governor,
      functionName: 'hashProposal',
      args: content as never,
    })
  }

  async #leave(): Promise<void> {
    const token = this.#contracts.lynToken
    const requester = this.#as('requester')
    const second = this.#as('second')
    await commitBalance.sync(second, { token, amount: parseEther('10') })
    await requestLeave.sync(second, { token, amount: parseEther('5') })
    const member = this.#as('third')
    const owner = this.#as('second-owner')
    const providerId = this.#ids.second
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
    await this.#write(
      requester,
      this.#contracts.jobMarket,
      jobMarketAbi,
      'cancel',
      [5n, 3n],
    )
  }

  async #write(
    client: ReturnType<IndexedScenario['client']>,
    address: Hex,
    abi: unknown,
    functionName: string,
    args: readonly unknown[],
  ): Promise<void> {
    const hash = await writeContract(client, {
      address,
      abi,
      functionName,
      args,
    } as never)
    const { status } = await waitForTransactionReceipt(client, { hash })
    if (status !== 'success') throw new Error(`${functionName} failed`)
  }
}
