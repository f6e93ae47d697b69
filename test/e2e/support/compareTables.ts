import {
  accumulationsAbi,
  attestationsAbi,
  auditManagerAbi,
  burnAuctionAbi,
  canariesAbi,
  delegationPoolsAbi,
  demandKinds,
  demandStatuses,
  demandsAbi,
  disputesAbi,
  jobMarketAbi,
  jobStatuses,
  type LynodeReader,
  ledgerAbi,
  lynodeGovernorAbi,
  lynTokenAbi,
  modelRegistryAbi,
  offersAbi,
  outcomes,
  parametersAbi,
  priceOracleAbi,
  rewardsAbi,
  sealedAuctionsAbi,
  stakeManagerAbi,
  stakerFeesAbi,
  stakeVoterAbi,
  timelockControllerAbi,
  zkModelsAbi,
  zkVerifierRouterAbi,
} from '@lynode/sdk'
import type { IndexerClient, IndexerLists } from '@lynode/sdk/indexer'
import { type Address, type Hex, stringToHex, zeroAddress } from 'viem'
import { readContract } from 'viem/actions'
import { expect } from 'vitest'

const cancelledFill = 2n ** 64n - 1n

/**
 * Compares every table that stands for state with direct reads of the
 * contracts, row by row.
 *
 * @returns How many rows of each list were compared.
 */
export async function compareTables(
  indexer: IndexerClient,
  client: LynodeReader,
  url: string,
): Promise<Record<string, number>> {
  const at = client.addressBook.contracts
  const counts: Record<string, number> = {}
  const read =
    (address: Address, abi: unknown, functionName: string) =>
    (...args: unknown[]) =>
      readContract(client, { address, abi, functionName, args } as never)
  async function rowsOf<list extends keyof IndexerLists>(
    list: list,
  ): Promise<IndexerLists[list][]> {
    const rows: IndexerLists[list][] = []
    for await (const row of indexer.all(list)) rows.push(row)
    return rows
  }
  async function each<list extends keyof IndexerLists>(
    list: list,
    compare: (row: IndexerLists[list]) => Promise<void>,
  ) {
    const rows = await rowsOf(list)
    counts[list] = rows.length
    await Promise.all(rows.map(compare))
  }

  const jobOf = read(at.jobMarket, jobMarketAbi, 'jobOf')
  await each('jobs', async (row) => {
    const job = (await jobOf(row.jobId)) as { status: number }
    expect(
      {
        ...{ providerId: row.providerId, price: row.price, time: row.time },
        ...{ attempt: row.attempt, resultRoot: row.resultRoot },
        status: row.status,
      },
      row.jobId,
    ).toEqual({
      ...pick(job, 'providerId', 'price', 'time', 'attempt', 'resultRoot'),
      status: jobStatuses[job.status],
    })
  })
  const jobIdOf = read(at.jobMarket, jobMarketAbi, 'jobIdOf')
  const isNonceUsed = read(at.jobMarket, jobMarketAbi, 'isNonceUsed')
  await each('orders', async (row) => {
    expect(await jobIdOf(row.terms)).toBe(row.jobId)
    if (row.locked)
      expect(await isNonceUsed(row.requester, row.nonce)).toBe(true)
  })
  const execIdOf = read(at.disputes, disputesAbi, 'execIdOf')
  await each('attempts', async (row) => {
    expect(await execIdOf(row.jobId, row.attempt, row.providerId)).toBe(
      row.execId,
    )
  })
  for (const { requester, word, mask } of await nonceWords(url))
    for (let bit = 0n; bit < 256n; bit++)
      if ((mask >> bit) & 1n || bit === 0n)
        expect(await isNonceUsed(requester, (word << 8n) | bit)).toBe(
          ((mask >> bit) & 1n) === 1n,
        )

  const accountOf = read(at.ledger, ledgerAbi, 'accountOf')
  const leavingOf = read(at.ledger, ledgerAbi, 'leavingOf')
  await each('balances', async (row) => {
    const where = `${row.account}`
    expect([row.free, row.committed], where).toEqual(
      await accountOf(row.token, row.account),
    )
    expect([row.leaving, row.leavingAt], where).toEqual(
      await leavingOf(row.token, row.account),
    )
  })
  const lyn = (name: string) => read(at.lynToken, lynTokenAbi, name)
  await each('holders', async (row) => {
    expect(
      [row.lyn, row.votes, row.delegate ?? zeroAddress],
      row.account,
    ).toEqual([
      await lyn('balanceOf')(row.account),
      await lyn('getVotes')(row.account),
      ((await lyn('delegates')(row.account)) as string).toLowerCase(),
    ])
  })

  const providerOf = read(at.stakeManager, stakeManagerAbi, 'providerOf')
  const endpointOf = read(at.stakeManager, stakeManagerAbi, 'endpointOf')
  const voidUntilOf = read(at.rewards, rewardsAbi, 'voidUntilOf')
  const commissionOf = read(at.stakeManager, delegationPoolsAbi, 'commissionOf')
  const poolNonceOf = read(at.stakeManager, delegationPoolsAbi, 'poolNonceOf')
  for (const list of ['providers', 'verifiers'] as const)
    await each(list, async (row) => {
      const own = (await providerOf(row.providerId)) as Record<string, unknown>
      expect(
        {
          ...pick(row, 'thawing', 'thawedAt', 'jailedUntil', 'capabilities'),
          ...pick(row, 'owner', 'hotKey', 'endpoint', 'poolNonce'),
          reserved: row.reserved,
          stake: row.active + row.thawing,
          role: row.role === 'verifier' ? 1 : 0,
          commission: [row.nextCommissionBps, row.commissionAt],
          voidUntil: row.rewardsVoidUntil,
        },
        `${list} ${row.providerId}`,
      ).toEqual({
        ...pick(own, 'thawing', 'thawedAt', 'jailedUntil', 'capabilities'),
        ...pick(own, 'stake', 'role'),
        // No event tells what an audit reserves.
        reserved: list === 'verifiers' ? null : own['reserved'],
        owner: String(own['owner']).toLowerCase(),
        hotKey: String(own['hotKey']).toLowerCase(),
        endpoint: await endpointOf(row.providerId),
        poolNonce: await poolNonceOf(row.providerId),
        commission: (
          (await commissionOf(row.providerId)) as [number, number, number]
        ).slice(1),
        voidUntil: await voidUntilOf(row.providerId),
      })
    })
  const poolOf = read(at.stakeManager, delegationPoolsAbi, 'poolOf')
  await each('pools', async (row) => {
    const pool = (await poolOf(row.providerId, row.nonce)) as object
    expect({
      ...pick(row, 'assets', 'shares', 'thawingShares', 'floorBps'),
      unclaimed: row.distributed - row.claimed,
    }).toEqual(
      pick(pool, 'assets', 'shares', 'thawingShares', 'floorBps', 'unclaimed'),
    )
  })
  const memberOf = read(at.stakeManager, delegationPoolsAbi, 'memberOf')
  await each('delegations', async (row) => {
    const [shares] = (await memberOf(
      row.providerId,
      row.nonce,
      row.member,
    )) as [bigint]
    expect(row.shares).toBe(shares)
  })
  const thawOf = read(at.stakeManager, delegationPoolsAbi, 'thawOf')
  await each('thaws', async (row) => {
    const [thaw] = (await thawOf(row.thawId)) as [{ shares: bigint }]
    expect(thaw.shares).toBe(row.withdrawnAt === 0 ? row.shares : 0n)
  })

  const filledOf = read(at.offers, offersAbi, 'filledOf')
  await each('offers', async (row) => {
    expect(row.cancelled ? cancelledFill : row.filled).toBe(
      await filledOf(row.offerId),
    )
  })
  const auctionOf = read(at.sealedAuctions, sealedAuctionsAbi, 'auctionOf')
  await each('auctions', async (row) => {
    const fields = [
      ...(['commitEnd', 'revealEnd', 'taken', 'returned', 'bond'] as const),
      ...(['bestId', 'best', 'second', 'bids'] as const),
    ] as const
    expect(pick(row, ...fields)).toEqual(
      pick((await auctionOf(row.jobId)) as object, ...fields),
    )
  })
  const bidOf = read(at.sealedAuctions, sealedAuctionsAbi, 'bidOf')
  await each('bids', async (row) => {
    const bid = (await bidOf(row.jobId, row.providerId)) as {
      status: number
      commitment: Hex
    }
    expect([row.status, row.commitment]).toEqual([
      ['none', 'sealed', 'revealed', 'closed'][bid.status],
      bid.commitment,
    ])
  })

  const demandOf = read(at.demands, demandsAbi, 'demandOf')
  await each('demands', async (row) => {
    const asked = (await demandOf(row.demandId)) as Record<string, never>
    expect({
      ...pick(row, 'execId', 'step', 'value', 'chunk', 'count'),
      ...pick(row, 'bond', 'deadline', 'status', 'kind'),
      asker: row.asker,
    }).toEqual({
      ...pick(asked, 'execId', 'step', 'value', 'chunk', 'count'),
      ...pick(asked, 'bond', 'deadline'),
      status: demandStatuses[asked['status'] ?? 0],
      kind: Object.keys(demandKinds)[asked['kind'] ?? 0],
      asker: String(asked['asker']).toLowerCase(),
    })
  })
  const executionOf = read(at.disputes, disputesAbi, 'executionOf')
  await each('disputes', async (row) => {
    const execution = (await executionOf(row.execId)) as Record<string, number>
    expect([row.outcome, row.convictedAt]).toEqual([
      outcomes[execution['outcome'] ?? 0],
      execution['convictedAt'],
    ])
    if (row.outcome === 'open')
      expect([row.openDemands, row.finalAt]).toEqual([
        execution['liveDemands'],
        execution['finalAt'],
      ])
  })
  const commitOf = read(at.disputes, disputesAbi, 'commitOf')
  await each('proof-commits', async (row) => {
    const { prover } = (await commitOf(row.commitId)) as { prover: string }
    // A reveal takes it off the chain too.
    const gone = row.status !== 'committed'
    expect(prover.toLowerCase()).toBe(gone ? zeroAddress : row.prover)
  })

  const accumulationOf = read(
    at.accumulations,
    accumulationsAbi,
    'accumulationOf',
  )
  await each('accumulations', async (row) => {
    const own = (await accumulationOf(row.accumulationId)) as {
      opener: string
      status: number
    }
    expect({
      ...pick(row, 'execId', 'liveUntil', 'absorbed', 'opener', 'status'),
    }).toEqual({
      ...pick(own, 'execId', 'liveUntil', 'absorbed'),
      opener: own.opener.toLowerCase(),
      status: ['none', 'open', 'judged', 'claimed'][own.status],
    })
  })

  await compareAudits()

  const zkModelOf = read(at.zkModels, zkModelsAbi, 'zkModelOf')
  const verifierOf = read(
    at.zkVerifierRouter,
    zkVerifierRouterAbi,
    'verifierOf',
  )
  await each('zk-verifiers', async (row) => {
    const own = (await verifierOf(row.selector)) as {
      verifier: string
      retired: boolean
    }
    expect([row.verifier, row.retired]).toEqual([
      own.verifier.toLowerCase(),
      own.retired,
    ])
  })
  const modelOf = read(at.modelRegistry, modelRegistryAbi, 'modelOf')
  await each('models', async (row) => {
    const model = (await modelOf(row.modelId)) as Record<string, unknown>
    expect(
      pick(row, 'publisher', 'royaltyBps', 'classes', 'checkerVersion'),
    ).toEqual({
      ...pick(model, 'royaltyBps', 'classes', 'checkerVersion'),
      publisher: String(model['publisher']).toLowerCase(),
    })
    if (row.zk !== null)
      expect(texts((await zkModelOf(row.modelId)) as object)).toMatchObject(
        pick(row.zk as object, 'selector', 'shapeHash'),
      )
  })
  const parameterOf = read(at.parameters, parametersAbi, 'parameterOf')
  await each('parameters', async (row) => {
    const parameter = (await parameterOf(
      stringToHex(row.name, { size: 32 }),
    )) as Record<string, unknown>
    expect(pick(row, 'value', 'activeAt', 'abdicated'), row.name).toEqual(
      pick(parameter, 'value', 'activeAt', 'abdicated'),
    )
    if (row.activeAt !== 0) expect(row.next).toBe(parameter['next'])
  })
  const snapshotOf = read(at.jobMarket, jobMarketAbi, 'snapshotOf')
  const disputeSnapshotOf = read(at.disputes, disputesAbi, 'snapshotOf')
  const auditSnapshotOf = read(at.auditManager, auditManagerAbi, 'snapshotOf')
  await each('snapshots', async (row) => {
    const found =
      row.core === 'market'
        ? await snapshotOf(row.version, row.class, row.token)
        : row.core === 'disputes'
          ? await disputeSnapshotOf(row.version)
          : await auditSnapshotOf(row.version)
    const { enabled = true, ...values } = texts(found as object)
    expect([row.values, row.enabled]).toEqual([values, enabled])
  })
  const isAllowed = read(at.ledger, ledgerAbi, 'isAllowed')
  const ratesOf = read(at.priceOracle, priceOracleAbi, 'ratesOf')
  const referenceOf = read(at.burnAuction, burnAuctionAbi, 'referenceOf')
  const listed = (await read(
    at.parameters,
    parametersAbi,
    'tokens',
  )()) as readonly string[]
  await each('tokens', async (row) => {
    expect(
      pick(row, 'allowed', 'listed', 'lynRate', 'usdRate'),
      row.token,
    ).toEqual({
      allowed: await isAllowed(row.token),
      listed: listed.some((one) => one.toLowerCase() === row.token),
      ...pick((await ratesOf(row.token)) as object, 'lynRate', 'usdRate'),
    })
    // A lot that nobody bought lowers it without an event.
    if (row.reference !== 0n)
      expect(await referenceOf(row.token)).toBeGreaterThan(0n)
  })
  const governor = (name: string) => read(at.governor, lynodeGovernorAbi, name)
  await each('proposals', async (row) => {
    expect([
      row.against,
      row.for,
      row.abstain,
      row.snapshot,
      row.deadline,
      row.eta,
    ]).toEqual([
      ...((await governor('proposalVotes')(row.proposalId)) as bigint[]),
      Number(await governor('proposalSnapshot')(row.proposalId)),
      Number(await governor('proposalDeadline')(row.proposalId)),
      Number(await governor('proposalEta')(row.proposalId)),
    ])
    const executed = (await governor('state')(row.proposalId)) === 7
    expect(row.status === 'executed').toBe(executed)
  })
  await each('votes', async (row) => {
    expect(await governor('hasVoted')(row.proposalId, row.voter)).toBe(true)
  })
  const stanceOf = read(at.stakeVoter, stakeVoterAbi, 'stanceOf')
  await each('stances', async (row) => {
    expect(await stanceOf(row.proposalId, row.providerId)).toBe(row.support)
  })
  const timelock = (name: string) =>
    read(at.timelock, timelockControllerAbi, name)
  await each('operations', async (row) => {
    const done = (row.calls as unknown[]).length === row.executed
    expect([row.cancelled, done]).toEqual([
      !(await timelock('isOperation')(row.timelockId)),
      await timelock('isOperationDone')(row.timelockId),
    ])
    if (!done && !row.cancelled)
      expect(await timelock('getTimestamp')(row.timelockId)).toBe(
        BigInt(row.readyAt),
      )
  })

  const rewardEpochOf = read(at.rewards, rewardsAbi, 'epochOf')
  await each('reward-epochs', async (row) => {
    expect(await rewardEpochOf(row.epoch)).toMatchObject(
      pick(row, 'budget', 'fees'),
    )
  })
  const shareOf = read(at.rewards, rewardsAbi, 'shareOf')
  await each('rewards', async (row) => {
    expect(await shareOf(row.epoch, row.providerId)).toMatchObject({
      amount: row.granted ? row.amount : row.fees,
      granted: row.granted,
      paid: row.paid,
    })
  })
  const stakerEpochOf = read(at.stakerFees, stakerFeesAbi, 'epochOf')
  await each('staker-epochs', async (row) => {
    expect(await stakerEpochOf(row.epoch)).toMatchObject(
      pick(row, 'pot', 'paid'),
    )
  })

  // What no contract keeps is held against the tables that one does.
  const jobs = await rowsOf('jobs')
  const paid = jobs.filter(({ status }) => status === 'settled')
  const days = (await rowsOf('buckets')).filter(
    ({ period }) => period === 'day',
  )
  counts['buckets'] = days.length
  expect(total(days.map(({ settled }) => BigInt(settled)))).toBe(
    BigInt(paid.length),
  )
  const volumes = await rowsOf('volumes')
  counts['volumes'] = volumes.length
  expect(
    volumes.map((row) => bucketLine(row, row.volume, row.jobs)).sort(),
  ).toEqual(soldIn(paid, ({ payToken }) => ({ token: payToken })))
  const prices = await rowsOf('prices')
  counts['prices'] = prices.length
  expect(
    prices.map((row) => bucketLine(row, row.volume, row.jobs)).sort(),
  ).toEqual(
    soldIn(paid, ({ payToken, modelId }) => ({ token: payToken, modelId })),
  )
  const slashes = await rowsOf('slashes')
  counts['slashes'] = slashes.length
  const protocol = await indexer.protocol()
  const nodes = [...(await rowsOf('providers')), ...(await rowsOf('verifiers'))]
  expect({
    slashed: protocol.slashed,
    activeStake: protocol.activeStake,
    delegatedStake: protocol.delegatedStake,
    jobs: protocol.jobs,
    inBuckets: total(days.map(({ slashed }) => slashed)),
  }).toEqual({
    slashed: total(slashes.map(({ amount }) => amount)),
    activeStake: total(nodes.map(({ active }) => active)),
    delegatedStake: total((await rowsOf('pools')).map(({ assets }) => assets)),
    jobs: jobs.length,
    inBuckets: protocol.slashed,
  })
  expect(protocol.version).toBe(
    await read(at.parameters, parametersAbi, 'version')(),
  )
  return counts

  /** Epochs, and what became of each seat, attestation and canary. */
  async function compareAudits(): Promise<void> {
    const audits = (name: string) =>
      read(at.auditManager, auditManagerAbi, name)
    await each('audit-epochs', async (row) => {
      const own = (await audits('epochOf')(row.epoch)) as Row
      expect(
        pick(row, 'seed', 'seedAt', 'version', 'closedAt', 'fallbackBlock'),
      ).toEqual({
        ...pick(own, 'seed', 'seedAt', 'version', 'closedAt'),
        fallbackBlock: Number(own['fallbackBlock']),
      })
    })
    const epochs = await rowsOf('audit-epochs')
    expect((await indexer.protocol()).qEffPpm).toBe(
      epochs.sort((a, b) => b.seedAt - a.seedAt)[0]?.qEffPpm,
    )
    await each('audits', async (row) => {
      const own = (await audits('auditOf')(row.execId)) as Row
      expect({
        ...pick(row, 'agreeing', 'differing', 'withheld'),
        demanded: row.demandId !== null,
        counted: ['completed', 'empty'].includes(row.status),
      }).toEqual(
        pick(own, 'agreeing', 'differing', 'withheld', 'demanded', 'counted'),
      )
      const execution = (await executionOf(row.execId)) as Row
      expect(row.status === 'voided', row.execId).toBe(
        outcomes[Number(execution['outcome'])] === 'void',
      )
    })
    await each('audit-seats', async (row) => {
      const status = await audits('attestationOf')(row.execId, row.verifierId)
      // What a reveal reserved is released or slashed; the word stays.
      const gone = ['released', 'slashed'].includes(row.status)
      expect(gone ? 'revealed' : row.status).toBe(
        ['none', 'committed', 'revealed', 'absent', 'withheld'][Number(status)],
      )
      if (row.traceRoot !== null)
        expect(
          await audits('isAttested')(
            ...[row.execId, row.verifierId, row.traceRoot],
            ['none', 'agrees', 'differs'].indexOf(row.finding),
          ),
        ).toBe(true)
    })
    const isOpened = read(at.canaries, canariesAbi, 'isOpened')
    await each('canaries', async (row) => {
      expect(await isOpened(row.execId)).toBe(true)
    })
    const caseOf = read(at.attestations, attestationsAbi, 'caseOf')
    await each('attestation-cases', async (row) => {
      const own = (await caseOf(row.caseId)) as Row
      expect(
        pick(row, 'execId', 'verifierId', 'step', 'traceRoot', 'status'),
      ).toEqual({
        ...pick(own, 'execId', 'verifierId', 'step', 'traceRoot'),
        status: jobStatuses[Number(own['status'])],
      })
    })
  }
}

type Row = Record<string, unknown>

/** What was paid for jobs in each hour and day, a line for each. */
function soldIn(
  jobs: readonly IndexerLists['jobs'][],
  by: (job: IndexerLists['jobs']) => { token: unknown; modelId?: unknown },
): string[] {
  const sums = new Map<string, [volume: bigint, jobs: number, place: Place]>()
  for (const job of jobs)
    for (const [period, seconds] of Object.entries({
      hour: 3_600,
      day: 86_400,
    })) {
      const start = job.closedAt - (job.closedAt % seconds)
      const place = { period, start, ...by(job) }
      const key = bucketLine(place)
      const [volume, count] = sums.get(key) ?? [0n, 0]
      sums.set(key, [volume + job.price, count + 1, place])
    }
  return [...sums.values()]
    .map(([volume, count, place]) => bucketLine(place, volume, count))
    .sort()
}

type Place = {
  period: string
  start: number
  token: unknown
  modelId?: unknown
}

function bucketLine(place: Place, ...values: (bigint | number)[]): string {
  const { period, start, token, modelId = '' } = place
  return [period, start, token, modelId, ...values].join(' ')
}

/** Words of nonces: the one table that the REST contract leaves out. */
async function nonceWords(
  url: string,
): Promise<{ requester: Address; word: bigint; mask: bigint }[]> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: '{ nonceWords(limit: 1000) { items { requester word mask } } }',
    }),
  })
  const { data } = (await response.json()) as {
    data: {
      nonceWords: {
        items: { requester: Address; word: string; mask: string }[]
      }
    }
  }
  return data.nonceWords.items.map(({ requester, word, mask }) => ({
    requester,
    word: BigInt(word),
    mask: BigInt(mask),
  }))
}

function pick<row extends object>(row: row, ...names: string[]) {
  return Object.fromEntries(
    names.map((name) => [name, (row as Record<string, unknown>)[name]]),
  )
}

function texts(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === 'bigint' ? one.toString() : one,
    ]),
  )
}

function total(amounts: bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
