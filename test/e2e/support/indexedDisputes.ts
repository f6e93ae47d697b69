import {
  absorbTerms,
  accumulationId,
  accumulationsAbi,
  answerDemand,
  buildAccumulation,
  buildChunkAnswer,
  buildFraudProof,
  buildOutputAnswer,
  buildStepAnswer,
  claimBond,
  claimLate,
  commitProof,
  type DemandRequest,
  delegate,
  deliverResult,
  demand,
  demandKinds,
  disputesAbi,
  encodeChunkAnswer,
  encodeOutputAnswer,
  encodeStepAnswer,
  encodeTraceAnswer,
  encodeWitnessAnswer,
  executionId,
  forfeitCommit,
  type Hex,
  judgeAccumulation,
  type LynodeClient,
  type Order,
  openAccumulation,
  openPool,
  proofCommitment,
  proveEntry,
  proveFraud,
  receiptsAbi,
  registerModel,
  rewardsAbi,
  settleJob,
  tensorRootsOf,
} from '@lynode/sdk'
import { enrolProvider } from 'lynode/devnet'
import { parseEther, zeroHash } from 'viem'
import {
  carriedScenario,
  mlpScenario,
  reductionScenario,
  type Scenario,
} from '../../../sdk/src/vectors/scenarios.js'
import type { IndexedScenario } from './indexedScenario.js'

/** Adds 1 to one element of a result. */
const alter =
  (name: string, element: number) =>
  (_: number, result: string, values: Float32Array | Int32Array) => {
    const before = values[element]
    if (result === name && before !== undefined) values[element] = before + 1
  }

export type Sold = { scenario: Scenario; order: Order; jobId: Hex; execId: Hex }

/** Every kind of demand, answer, commit and proof, and how each ends. */
export async function disputeEverything(on: IndexedScenario): Promise<void> {
  await on.deposit(on.as('third'), parseEther('1000'))
  for (const { manifest } of [
    mlpScenario(),
    carriedScenario(undefined, 3),
    reductionScenario(64),
  ])
    await registerModel.sync(on.as('publisher'), {
      ...{ header: manifest.header, classes: 0b10 },
    })
  await answerHonestly(on)
  await postStates(on)
  await convict(on)
  await convictInParts(on)
}

/** Sells a prepared execution; the provider is the one of `first`. */
export async function sell(
  on: IndexedScenario,
  scenario: Scenario,
  seller: LynodeClient = on.as('provider'),
  providerId: number = on.ids.first,
  terms: Partial<Order> = {},
): Promise<Sold> {
  const { order, jobId } = await on.locked(
    {
      modelId: scenario.manifest.modelId,
      steps: scenario.steps,
      inputRoot: scenario.roots(0).inputRoot,
      ...terms,
    },
    seller,
  )
  await deliverResult.sync(seller, {
    ...{ jobId, resultRoot: scenario.roots(0).resultRoot },
  })
  return {
    ...{ scenario, order, jobId },
    execId: executionId({ jobId, attempt: 0, providerId }),
  }
}

async function ask(
  on: IndexedScenario,
  { order, scenario }: Sold,
  request: Partial<DemandRequest> & Pick<DemandRequest, 'kind'>,
): Promise<Hex> {
  const { kind, step = 0, value = 0, chunk = 0, count = 0 } = request
  const named = kind === demandKinds.chunk || kind === demandKinds.witness
  const { event } = await demand.sync(on.as('verifier'), {
    order,
    model: scenario.manifest.header,
    request: { kind, step, value, chunk, count },
    ...(named ? proveEntry(scenario.manifest, value) : {}),
  })
  return event.demandId
}

export async function answer(
  on: IndexedScenario,
  { order, scenario }: Sold,
  demandId: Hex,
  payload: Hex,
): Promise<void> {
  await answerDemand.sync(on.as('provider'), {
    order,
    model: scenario.manifest.header,
    ...{ demandId, payload },
  })
}

export function traceOf({ scenario }: Sold): Hex {
  const { trace } = scenario.commitments(0)
  return encodeTraceAnswer(tensorRootsOf(trace?.tensors ?? []))
}

/** An honest execution that somebody asks everything of, and pays for it. */
async function answerHonestly(on: IndexedScenario): Promise<void> {
  const sold = await sell(on, mlpScenario())
  const { scenario, order, execId } = sold
  const { manifest } = scenario
  const commitments = scenario.commitments(0)
  const indexOf = (name: string) =>
    manifest.values.findIndex((value) => value.name === name)
  const trace = await ask(on, sold, { kind: demandKinds.trace })
  const output = await ask(on, sold, { kind: demandKinds.output })
  const { event: committed } = await commitProof.sync(on.as('verifier'), {
    ...{ order, hash: execId },
  })
  await answer(on, sold, trace, traceOf(sold))
  await answer(
    on,
    sold,
    output,
    encodeOutputAnswer(buildOutputAnswer(commitments.result, 0)),
  )
  const opened = { step: 0, value: indexOf('h'), chunk: 0, count: 1 }
  const chunk = await ask(on, sold, { kind: demandKinds.chunk, ...opened })
  const witness = await ask(on, sold, {
    ...{ kind: demandKinds.witness, value: indexOf('y'), chunk: 1 },
  })
  await answer(
    on,
    sold,
    chunk,
    encodeChunkAnswer(
      buildChunkAnswer({
        ...{ manifest, commitments, ...opened },
        bytes: scenario.committed(0, opened.value),
      }),
    ),
  )
  await answer(on, sold, witness, encodeWitnessAnswer([0]))
  await on.write(
    on.as('requester'),
    on.contracts.receipts,
    receiptsAbi,
    'waiveOutputs',
    [order, '0x'],
  )
  await on.seeded(sold.jobId)
  await on.pass(200)
  await forfeitCommit.sync(on.as('verifier'), {
    ...{ execId, commitId: committed.commitId },
  })
  await settleJob.sync(on.as('requester'), { order })
  for (const demandId of [trace, output, chunk, witness])
    await claimBond.sync(on.as('verifier'), { demandId })
}

/** A segment of several steps, whose states are posted. */
async function postStates(on: IndexedScenario): Promise<void> {
  const sold = await sell(on, carriedScenario(undefined, 3))
  const { scenario, order } = sold
  const { result, states } = scenario.commitments(0)
  if (states === undefined) throw new Error('the model carries nothing')
  const demandId = await ask(on, sold, { kind: demandKinds.step })
  await answer(
    on,
    sold,
    demandId,
    encodeStepAnswer(buildStepAnswer(result, states, 0)),
  )
  await on.seeded(sold.jobId)
  await on.pass(200)
  await settleJob.sync(on.as('requester'), { order })
}

/** Two who can prove the same fraud, and one who only commits. */
async function convict(on: IndexedScenario): Promise<void> {
  const sold = await sell(on, mlpScenario(alter('h', 307)))
  const { scenario, order, execId } = sold
  const { chainId } = on.as('verifier').addressBook
  const trace = await ask(on, sold, { kind: demandKinds.trace })
  await answer(on, sold, trace, traceOf(sold))
  const { proof, judgement } = await buildFraudProof({
    manifest: scenario.manifest,
    ...{ step: 0, node: 0, output: 0, element: 307 },
    commitments: scenario.commitments(0),
    committed: (value) => scenario.committed(0, value),
  })
  if (!judgement.fraud) throw new Error('the cheat is within its bound')
  const provers = [on.as('verifier'), on.as('third')] as const
  const commits: Hex[] = []
  for (const prover of provers) {
    const { event } = await commitProof.sync(prover, {
      order,
      hash: proofCommitment({
        ...{ chainId, execId, proof, salt: zeroHash },
        prover: prover.account.address,
      }),
    })
    commits.push(event.commitId)
  }
  const { event: idle } = await commitProof.sync(provers[1], {
    ...{ order, hash: execId },
  })
  for (const prover of provers)
    await proveFraud.sync(prover, { order, proof, salt: zeroHash })
  await claimBond.sync(provers[0], { demandId: trace })
  await on.pass(60)
  const [, late = zeroHash] = commits
  await claimLate.sync(provers[1], { execId, commitId: late })
  // Returned: it was made before the conviction.
  await on.write(
    provers[1],
    on.contracts.disputes,
    disputesAbi,
    'forfeitCommit',
    [execId, idle.commitId],
  )
  await on.write(
    on.as('requester'),
    on.contracts.rewards,
    rewardsAbi,
    'showConviction',
    [order],
  )
}

/** A proof in parts, against a provider whose own stake is less than what it loses. */
async function convictInParts(on: IndexedScenario): Promise<void> {
  const seller = on.as('publisher')
  const prover = on.as('verifier')
  const member = on.as('third')
  const providerId = await enrolProvider(seller, {
    ...{ hot: seller, endpoint: '', stake: parseEther('2000') },
  })
  const { event: pool } = await openPool.sync(seller, {
    ...{ providerId, floorBps: 1_000, commissionBps: 500 },
  })
  await on.approveStake(member, parseEther('5000'))
  await delegate.sync(member, {
    ...{ providerId, nonce: pool.nonce, amount: parseEther('5000') },
  })
  const terms = { collateral: parseEther('3000') }
  const cheat = reductionScenario(64, alter('y', 37))
  const sold = await sell(on, cheat, seller, providerId, terms)
  const { scenario, order, execId } = sold
  const element = { step: 0, node: 0, output: 0, element: 37 }
  const { hint, parts, verdict } = await buildAccumulation({
    ...{ manifest: scenario.manifest, ...element },
    commitments: scenario.commitments(0),
    committed: (value) => scenario.committed(0, value),
  })
  const place = { ...element, hint }
  const opener = prover.account.address
  await openAccumulation.sync(prover, { order, place })
  let state: Hex = '0x'
  for (const { count, proof } of parts)
    ({
      event: { state },
    } = await absorbTerms.sync(prover, {
      ...{ order, place, opener, state, count, proof },
    }))
  await judgeAccumulation.sync(prover, {
    ...{ order, place, opener, state, proof: verdict },
  })
  const id = accumulationId({ execId, opener, place })
  const { accumulations } = on.contracts
  for (const [name, args] of [
    ['claimBond', [id]],
    ['claimGas', [id, opener]],
  ] as const)
    await on.write(prover, accumulations, accumulationsAbi, name, args)
}
