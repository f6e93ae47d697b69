import {
  type AddressBook,
  jobMarketAbi,
  ledgerAbi,
  lynTokenAbi,
  modelRegistryAbi,
  type Order,
  orderId,
  stakeManagerAbi,
} from '@lynode/sdk'
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  getAbiItem,
  type Hex,
  keccak256,
  numberToHex,
  pad,
  parseEther,
  zeroAddress,
  zeroHash,
} from 'viem'

/** A log as a node tells it, and the transaction that it belongs to. */
export type SourceLog = { address: Address; topics: Hex[]; data: Hex }

export type SourceTransaction = {
  from: Address
  to: Address
  input: Hex
  logs: SourceLog[]
}

/** What happens in one block. */
export type SourceBlock = SourceTransaction[]

export type ProtocolBlocksOptions = {
  book: AddressBook
  /** Jobs that are locked, or events: the first that is reached ends it. */
  jobs: number
  events?: number | undefined
}

const providers = 100
const requesters = 1_000
const models = 20
/** Jobs that are in the same phase of their life in a block. */
const jobsPerBlock = 80
const collateral = parseEther('1000')
const price = parseEther('10')
const fee = price / 100n
const royalty = price / 20n
const deliverDuration = 3_600

/** Seconds between blocks, so that jobs spread over hours and days. */
export const blockSeconds = 600
export const firstBlockTime = 1_750_000_000

/**
 * The life of a market as its contracts tell it: providers, models, deposits,
 * and jobs that are locked, delivered and settled; one in 25 is not delivered,
 * and is slashed and refunded. Logs and calldata are encoded by the ABIs.
 *
 * @returns Blocks, and how many events of which kind are in them.
 */
export function protocolBlocks(options: ProtocolBlocksOptions): {
  blocks: SourceBlock[]
  jobs: number
  events: number
  kinds: Record<string, number>
} {
  const { book } = options
  const at = book.contracts
  const kinds: Record<string, number> = {}
  let events = 0
  const most = options.events ?? Number.POSITIVE_INFINITY

  const log = (address: Address, abi: Abi, name: string, args: object) => {
    kinds[name] = (kinds[name] ?? 0) + 1
    events++
    return logOf(address, abi, name, args as Record<string, unknown>)
  }
  const market = (name: string, args: object) =>
    log(at.jobMarket, jobMarketAbi, name, args)
  const ledger = (name: string, args: object) =>
    log(at.ledger, ledgerAbi, name, args)
  const staking = (name: string, args: object) =>
    log(at.stakeManager, stakeManagerAbi, name, args)
  const token = at.lynToken

  const owner = (id: number) => addressOf('owner', id)
  const hotKey = (id: number) => addressOf('hot', id)
  const requester = (id: number) => addressOf('requester', id)
  const model = (id: number) => hashOf('model', id)

  function enrolments(): SourceBlock {
    const block: SourceBlock = [
      {
        from: owner(0),
        to: at.ledger,
        input: '0x',
        logs: [
          log(token, lynTokenAbi, 'Transfer', {
            from: zeroAddress,
            to: owner(0),
            value: parseEther('1000000000'),
          }),
          ledger('TokenAllowed', { token }),
        ],
      },
    ]
    for (let id = 0; id < models; id++)
      block.push({
        from: owner(id),
        to: at.modelRegistry,
        input: '0x',
        logs: [
          log(at.modelRegistry, modelRegistryAbi, 'ModelRegistered', {
            modelId: model(id),
            publisher: owner(id),
            header: {
              ...{ manifestRoot: model(id), fileRoot: model(id) },
              ...{ fileBytes: 10_000_000n, values: 300, nodes: 100 },
              ...{ inputs: 1, outputs: 1, carried: 0, activations: 150 },
              ...{ segment: 1, profile: 1 },
            },
            royaltyBps: 500,
            classes: 2,
            checkerVersion: 1,
          }),
        ],
      })
    for (let id = 1; id <= providers; id++)
      block.push({
        from: owner(id),
        to: at.stakeManager,
        input: '0x',
        logs: [
          staking('Registered', {
            ...{ providerId: id, role: 0, owner: owner(id) },
            hotKey: hotKey(id),
          }),
          staking('Staked', {
            ...{ providerId: id, from: owner(id) },
            amount: parseEther('100000'),
          }),
        ],
      })
    return block
  }

  function deposited(id: number): SourceTransaction {
    const account = requester(id)
    const amount = parseEther('1000')
    return {
      from: account,
      to: at.ledger,
      input: '0x',
      logs: [
        log(token, lynTokenAbi, 'Transfer', {
          ...{ from: owner(0), to: at.ledger, value: amount },
        }),
        ledger('Deposited', { token, from: account, to: account, amount }),
        ledger('Committed', { token, account, amount }),
      ],
    }
  }

  function lock(index: number, time: number) {
    const providerId = (index % providers) + 1
    const account = requester(index % requesters)
    const order: Order = {
      requester: account,
      modelId: model(index % models),
      class: 1,
      steps: 1 + (index % 8),
      inputRoot: hashOf('input', index),
      payToken: token,
      minPrice: 0n,
      maxPrice: price,
      rampStart: time - 10,
      rampDuration: 60,
      lockDuration: 600,
      deliverDuration,
      expiry: time + 86_400,
      maxAttempts: 1,
      collateral,
      valueAtRisk: 0n,
      verificationFee: 0n,
      tip: 0n,
      callback: zeroAddress,
      callbackGas: 0,
      callbackFee: 0n,
      maxTotal: price,
      allowedRoot: zeroHash,
      capabilities: zeroHash,
      paramsVersion: 1,
      currency: 0,
      nonce: BigInt(Math.floor(index / requesters)),
    }
    const jobId = orderId({
      order,
      chainId: book.chainId,
      jobMarket: at.jobMarket,
    })
    const transaction: SourceTransaction = {
      from: hotKey(providerId),
      to: at.jobMarket,
      input: encodeFunctionData({
        abi: jobMarketAbi,
        functionName: 'lock',
        args: [order, `0x${'5a'.repeat(65)}`],
      }),
      logs: [
        market('JobLocked', {
          ...{ jobId, providerId, requester: account, price, attempt: 0 },
          ...{ deliverBy: time + deliverDuration, collateral },
        }),
        ledger('Debited', {
          ...{ core: at.jobMarket, token, account, amount: price },
          committed: true,
        }),
      ],
    }
    return { index, jobId, providerId, account, transaction }
  }

  type Job = ReturnType<typeof lock>
  const fails = (job: Job) => job.index % 25 === 24

  function deliver({ jobId, providerId }: Job, time: number) {
    return {
      from: hotKey(providerId),
      to: at.jobMarket,
      input: '0x' as Hex,
      logs: [
        market('JobDelivered', {
          ...{ jobId, providerId, resultRoot: keccak256(jobId) },
          finalAt: time + 600,
        }),
      ],
    }
  }

  function settle(job: Job): SourceTransaction {
    const { jobId, providerId, index } = job
    const paid = price - fee - royalty
    return {
      from: job.account,
      to: at.jobMarket,
      input: '0x',
      logs: [
        market('JobSettled', { jobId, providerId, paid, fee, royalty }),
        ledger('CreditedMany', {
          ...{ core: at.jobMarket, token },
          payments: [
            { account: at.feeSink, amount: fee },
            { account: owner(providerId), amount: paid },
            { account: owner(index % models), amount: royalty },
          ],
        }),
      ],
    }
  }

  function expire(job: Job, time: number): SourceTransaction {
    const { jobId, providerId, account } = job
    const slashed = parseEther('50')
    return {
      from: account,
      to: at.jobMarket,
      input: '0x',
      logs: [
        staking('Slashed', {
          ...{ providerId, core: at.jobMarket, amount: slashed },
          ...{ selfPart: slashed, paid: 0n, burnt: slashed },
          jailedUntil: time + 3_600,
        }),
        market('LockExpired', {
          ...{ jobId, providerId, caller: account, slashed, paid: 0n },
        }),
        market('JobRefunded', { jobId, requester: account, amount: price }),
        ledger('Credited', {
          ...{ core: at.jobMarket, token, account, amount: price },
        }),
      ],
    }
  }

  const blocks: SourceBlock[] = [enrolments()]
  let locked = 0
  let running: Job[] = []
  let delivered: Job[] = []
  while (
    events < most &&
    (locked < options.jobs || running.length > 0 || delivered.length > 0)
  ) {
    const time = firstBlockTime + blocks.length * blockSeconds
    const block: SourceBlock = delivered.map(settle)
    delivered = running.filter((job) => !fails(job))
    block.push(
      ...delivered.map((job) => deliver(job, time)),
      ...running.filter(fails).map((job) => expire(job, time)),
    )
    running = []
    for (let i = 0; i < jobsPerBlock && locked < options.jobs; i++) {
      if (locked % 10 === 0)
        block.push(deposited(Math.floor(locked / 10) % requesters))
      const job = lock(locked++, time)
      running.push(job)
      block.push(job.transaction)
    }
    blocks.push(block)
  }
  return { blocks, jobs: locked, events, kinds }
}

const items = new Map<string, ReturnType<typeof itemOf>>()

function logOf(
  address: Address,
  abi: Abi,
  name: string,
  args: Record<string, unknown>,
): SourceLog {
  const item = items.get(name) ?? itemOf(abi, name)
  items.set(name, item)
  return {
    address,
    topics: encodeEventTopics({
      abi: [item.event],
      args,
    } as never) as Hex[],
    data: encodeAbiParameters(
      item.rest,
      item.rest.map(({ name: field = '' }) => args[field]),
    ),
  }
}

function itemOf(abi: Abi, name: string) {
  const event = getAbiItem({ abi, name })
  if (event?.type !== 'event') throw new Error(`no event ${name}`)
  return {
    event,
    rest: event.inputs.filter(({ indexed }) => indexed !== true),
  }
}

const hashes = new Map<string, Hex>()

function hashOf(kind: string, id: number): Hex {
  const name = `${kind} ${id}`
  const known = hashes.get(name)
  if (known !== undefined) return known
  const hash = keccak256(pad(numberToHex(id + kind.length * 2 ** 32)))
  if (kind !== 'input') hashes.set(name, hash)
  return hash
}

function addressOf(kind: string, id: number): Address {
  return `0x${hashOf(kind, id).slice(2, 42)}`
}
