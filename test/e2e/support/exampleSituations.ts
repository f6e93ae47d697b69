import * as sdk from '@lynode/sdk'
import {
  approveToken,
  makeOrder,
  type Order,
  parseAmount,
  signHotKeyConsent,
  signOrder,
} from '@lynode/sdk'
import { getAuditClock, getEpoch } from '@lynode/sdk/audits'
import { type Devnet, enrolProvider } from 'lynode/devnet'
import { type Hex, parseEther } from 'viem'
import { call, getBlock } from 'viem/actions'
import { expect } from 'vitest'
import { HostileProvider } from './hostileProvider.js'

/** What examples are written against. */
export type Fixtures = typeof import('../../examples/fixtures.js')

/** A devnet on which examples run. */
export type ExampleNet = {
  devnet: Devnet
  usual: Fixtures
  /** What a job that was delivered and settled has left behind. */
  past: Partial<Fixtures>
  /** A provider without a daemon, whose keys the examples may use. */
  second: number
}

/**
 * Brings a devnet into the situation that an example starts from.
 *
 * @returns what gives the fixtures of an example: the usual ones, and those of
 * its situation.
 */
export function exampleSituations({ devnet, usual, past, second }: ExampleNet) {
  /** An order of now, on inputs that the data server has. */
  async function freshOrder(terms: Partial<Order> = {}): Promise<Order> {
    const { modelId, inputRoot } = usual
    return {
      ...(await makeOrder(devnet.client('requester'), {
        modelId,
        class: 'float',
        inputRoot,
        maxPrice: parseAmount('15LYN'),
        minPrice: parseAmount('15LYN'),
        rampDuration: 0,
      })),
      ...terms,
    }
  }

  /** Locks an order as a provider without a daemon. */
  async function lock(
    order: Order,
    provider = devnet.client('second'),
  ): Promise<void> {
    const { signature } = await signOrder(devnet.client('requester'), { order })
    await untilStart(order)
    await sdk.lockJob.sync(provider, { order, signature })
  }

  async function untilStart({ rampStart }: Order): Promise<void> {
    await expect
      .poll(
        async () => (await getBlock(devnet.client('requester'))).timestamp,
        {
          timeout: 20_000,
        },
      )
      .toBeGreaterThanOrEqual(BigInt(rampStart))
  }

  const asSecond = async () => ({ client: devnet.client('second') })
  const asOwner = async () => ({
    client: devnet.client('second-owner'),
    providerId: second,
  })

  /** Locks and delivers, as the provider without a daemon. */
  async function delivered(): Promise<Order> {
    const order = await freshOrder()
    await lock(order)
    const { resultRoot } = usual
    await sdk.deliverResult.sync(devnet.client('second'), {
      jobId: idOf(order),
      resultRoot,
    })
    return order
  }

  /** Demands a trace of it. */
  async function demanded(): Promise<{ order: Order; demandId: Hex }> {
    const order = await delivered()
    const { event } = await sdk.demand.sync(devnet.client('requester'), {
      order,
      model: usual.manifest.header,
      request: {
        kind: sdk.demandKinds.trace,
        ...{ step: 0, value: 0, chunk: 0, count: 0 },
      },
    })
    return { order, demandId: event.demandId }
  }

  /** Waits until the contracts take a call. */
  async function untilTaken(parameters: { to: Hex; data: Hex }): Promise<void> {
    const client = devnet.client('requester')
    await expect
      .poll(
        () =>
          call(client, { account: client.account, ...parameters }).then(
            () => true,
            () => false,
          ),
        { timeout: 60_000, interval: 500 },
      )
      .toBe(true)
  }

  /** A delivered job that nobody disputed in time. */
  async function final(): Promise<{ order: Order }> {
    const order = await delivered()
    await untilTaken(
      sdk.settleJob.transaction(usual.addressBook.contracts, { order }),
    )
    return { order }
  }

  /** A lock whose delivery is late, of an order that has one attempt more or none. */
  async function late(maxAttempts: number): Promise<{ order: Order }> {
    // Of a provider of its own: who is late is slashed, and jailed.
    const { client, providerId } = await HostileProvider.enrol(devnet, {
      serves: 'nothing',
      answers: 'nothing',
    })
    const order = await freshOrder({
      deliverDuration: 1,
      lockDuration: 5,
      maxAttempts,
      // For nobody else, or the provider with a daemon would take the next turn.
      allowedRoot: sdk.providerSet([providerId]).root,
    })
    await lock(order, client)
    await untilTaken(
      sdk.expireLock.transaction(usual.addressBook.contracts, { order }),
    )
    return { order }
  }

  /** A standing offer of the provider without a daemon. */
  async function offered() {
    const client = devnet.client('second')
    const nonce = BigInt(nextNonce++)
    const offer = { ...usual.offer, providerId: second, nonce }
    const { signature } = await sdk.signOffer(client, { offer })
    return { offer, signature, offerSignature: signature }
  }
  let nextNonce = 1_000

  /** A proposal of the requester's. */
  async function proposed(): Promise<{ proposalId: bigint }> {
    const client = devnet.client('requester')
    await sdk.delegateVotes.sync(client, { to: client.account.address })
    const content = {
      actions: usual.actions,
      description: `Why this is better ${nextNonce++}`,
    }
    // Votes count from the second after.
    await untilTaken(
      sdk.propose.transaction(client.addressBook.contracts, content),
    )
    const { event } = await sdk.propose.sync(client, content)
    return { proposalId: event.proposalId }
  }

  /** A sealed auction that takes bids for some seconds. */
  async function auctioned(seconds: number) {
    const { timestamp } = await getBlock(devnet.client('requester'))
    const commitEnd = Number(timestamp) + seconds
    const revealEnd = commitEnd + 10
    const order = await freshOrder({ rampStart: revealEnd })
    return { order, commitEnd, revealEnd }
  }

  /** A bid of the provider without a daemon, as the example of `placeBid` makes it. */
  async function bidFor(terms: Awaited<ReturnType<typeof auctioned>>) {
    const { order } = terms
    await sdk.openAuction.sync(devnet.client('requester'), terms)
    const jobId = idOf(order)
    return { ...(await asSecond()), hot: devnet.client('second'), order, jobId }
  }

  /** Shares of the requester in the pool of the provider without a daemon. */
  async function delegated(): Promise<{ providerId: number; nonce: number }> {
    const terms = await readyToDelegate()
    await sdk.delegate.sync(devnet.client('requester'), {
      ...terms,
      amount: parseEther('10'),
    })
    return terms
  }

  async function readyToDelegate() {
    await sdk.openPool
      .sync(devnet.client('second-owner'), {
        providerId: second,
        floorBps: 5_000,
        commissionBps: 1_000,
      })
      .catch(() => undefined) // an example may have opened it
    await approveStake('100')
    return { providerId: second, nonce: 1 }
  }

  async function approveStake(lyn: string): Promise<void> {
    const client = devnet.client('requester')
    const { lynToken: token, stakeManager } = client.addressBook.contracts
    const amount = parseEther(lyn)
    await approveToken(client, { token, spender: stakeManager, amount })
  }

  /** What an example needs beside a fresh order: who acts, and what was done before. */
  const before: Record<string, () => Promise<object>> = {
    lockJob: async () => {
      const order = await freshOrder()
      const { signature } = await signOrder(devnet.client('requester'), {
        order,
      })
      await untilStart(order)
      return { ...(await asSecond()), order, signature }
    },
    deliverResult: async () => {
      const order = await freshOrder()
      await lock(order)
      return { ...(await asSecond()), jobId: idOf(order) }
    },
    deliverWithOutputs: async () => {
      const order = await freshOrder()
      await lock(order)
      return { ...(await asSecond()), jobId: idOf(order) }
    },
    // Of the provider with a daemon, which answers: silence would convict.
    demand: async () => {
      const client = devnet.client('requester')
      const order = await freshOrder()
      const { jobId, signature } = await signOrder(client, { order })
      await sdk.announceOrder.sync(client, { order, signature })
      await expect
        .poll(async () => (await sdk.getJob(client, { jobId })).status, {
          timeout: 30_000,
          interval: 100,
        })
        .toBe('delivered')
      return { order }
    },
    answerDemand: async () => ({
      ...(await asSecond()),
      ...(await demanded()),
    }),
    commitProof: async () => ({ order: await delivered() }),
    forfeitCommit: async () => {
      const order = await delivered()
      const client = devnet.client('requester')
      const { event } = await sdk.commitProof.sync(client, {
        order,
        hash: usual.hash,
      })
      const { execId, commitId } = event
      await untilTaken(
        sdk.forfeitCommit.transaction(usual.addressBook.contracts, {
          execId,
          commitId,
        }),
      )
      return { execId, commitId }
    },
    settleJob: final,
    lynodeActions: final,
    withAddressBook: final,
    expireLock: () => late(2),
    refundJob: async () => {
      const { order } = await late(2)
      const client = devnet.client('requester')
      await sdk.expireLock.sync(client, { order })
      await untilTaken(
        sdk.refundJob.transaction(usual.addressBook.contracts, { order }),
      )
      return { order }
    },
    lockWithOffer: offered,
    declineJob: async () => {
      const { offer, offerSignature } = await offered()
      const order = await freshOrder()
      await sdk.lockWithOffer.sync(devnet.client('requester'), {
        order,
        signature: '0x',
        offer,
        offerSignature,
      })
      return { ...(await asSecond()), order }
    },
    cancelOffer: async () => ({ ...(await asSecond()), ...(await offered()) }),
    postItem: offered,
    postOfferToRelays: async () => ({
      ...(await asSecond()),
      ...(await offered()),
    }),
    openAuction: () => auctioned(20),
    placeBid: async () => bidFor(await auctioned(20)),
    revealBid: async () => {
      const terms = await auctioned(8)
      const { jobId } = await bidFor(terms)
      const { salt, chainId } = usual
      const commitment = sdk.bidCommitment({
        chainId,
        jobId,
        providerId: second,
        price: 5n,
        salt,
      })
      const { order } = terms
      await sdk.placeBid.sync(devnet.client('second'), {
        order,
        commitment,
        allowed: [],
      })
      const bid = { order, providerId: second, price: 5n, salt }
      await untilTaken(
        sdk.revealBid.transaction(usual.addressBook.contracts, bid),
      )
      return bid
    },
    getProposal: proposed,
    cancelProposal: proposed,
    fallbackSeed: async () => {
      const client = devnet.client('requester')
      const { epoch: now } = await getAuditClock(client)
      // One that is over, as soon as its seed and its block are there.
      const epoch = now - 1
      await expect
        .poll(
          async () => {
            const { seed, fallbackBlock } = await getEpoch(client, { epoch })
            return seed > 0n && fallbackBlock <= (await getBlock(client)).number
          },
          { timeout: 80_000, interval: 500 },
        )
        .toBe(true)
      return { epoch }
    },
    registerModel: async () => {
      const { manifest } = usual
      const header = { ...manifest.header, fileRoot: usual.salt }
      return { manifest: { ...manifest, header } }
    },
    openPool: async () => ({
      owner: devnet.client('provider-owner'),
      providerId: devnet.providerId,
    }),
    undelegate: delegated,
    distributeRewards: delegated,
    claimRewards: async () => {
      const terms = await delegated()
      // Shares of one second, then rewards of a later one.
      const { number } = await getBlock(devnet.client('requester'))
      await expect
        .poll(async () => (await getBlock(devnet.client('requester'))).number)
        .toBeGreaterThan(number)
      await sdk.distributeRewards.sync(devnet.client('requester'), {
        providerId: second,
        amount: parseEther('1'),
      })
      return terms
    },
    awaitJob: async () => past,
    followJob: async () => past,
    finalityOf: async () => past,
    findOrder: async () => past,
    verifyResult: async () => past,
    fetchResult: async () => past,
    fetchOutputs: async () => past,
    getJob: async () => past,
    getExecution: async () => past,
    registerNode: async () => ({
      owner: devnet.client('third-owner'),
      hot: devnet.client('third'),
      hotKey: devnet.accounts.third.address,
    }),
    // Of a provider that no other example uses.
    rotateHotKey: async () => {
      const owner = devnet.client('publisher')
      const providerId = await enrolProvider(owner, {
        hot: devnet.client('deployer'),
        endpoint: '',
        stake: parseEther('50000'),
      })
      const consent = await signHotKeyConsent(devnet.client('oracle'), {
        owner: owner.account.address,
        role: 'provider',
      })
      const hotKey = devnet.accounts.oracle.address
      return { client: owner, owner, providerId, hotKey, consent }
    },
    withdrawStake: async () => {
      const { client, providerId } = await asOwner()
      const amount = parseEther('1')
      await sdk.requestThaw.sync(client, { providerId, amount })
      return { owner: client, providerId }
    },
    stake: async () => {
      const { client } = await asOwner()
      const { lynToken: token, stakeManager } = client.addressBook.contracts
      const amount = parseEther('100000')
      await approveToken(client, { token, spender: stakeManager, amount })
      return asOwner()
    },
    delegate: readyToDelegate,
    deposit: approved,
    depositCommitted: approved,
    announceOffer: asSecond,
    signOffer: asSecond,
  }

  async function approved(): Promise<object> {
    const client = devnet.client('requester')
    const { lynToken: token, ledger } = client.addressBook.contracts
    const amount = parseEther('10')
    await approveToken(client, { token, spender: ledger, amount })
    return {}
  }

  function idOf(order: Order): Hex {
    const { chainId, contracts } = devnet.client('requester').addressBook
    return sdk.orderId({ chainId, jobMarket: contracts.jobMarket, order })
  }

  async function fixturesFor(name: string, code: string): Promise<Fixtures> {
    const requester = devnet.client('requester')
    const fresh = await freshOrder()
    const { signature } = await signOrder(requester, { order: fresh })
    return {
      ...usual,
      ...past,
      hot: devnet.client('second'),
      owner: devnet.client('second-owner'),
      provider: { endpoint: usual.server },
      ...(/\bowner\b/.test(code) ? { providerId: second } : {}),
      order: fresh,
      draft: fresh,
      orders: [await freshOrder(), await freshOrder()],
      signature,
      request: { ...usual.request, collateral: fresh.collateral },
      ...(await before[name]?.()),
    } as Fixtures
  }

  return fixturesFor
}
