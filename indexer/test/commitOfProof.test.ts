import { disputesAbi, type FraudProof, proofCommitment } from '@lynode/sdk'
import {
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseAbiParameters,
  zeroAddress,
  zeroHash,
} from 'viem'
import { expect, test } from 'vitest'
import { commitOfProof } from '../src/domain/commitOfProof.js'
import { disputesRules } from '../src/domain/disputes.js'
import { MemoryStore } from './memoryStore.js'

const chainId = 31_337
const disputes = `0x${'aa'.repeat(20)}` as const
const prover = `0x${'12'.repeat(20)}` as const
const execId = `0x${'34'.repeat(32)}` as const
const salt = `0x${'56'.repeat(32)}` as const
const proof: FraudProof = {
  model: {
    ...{ manifestRoot: zeroHash, fileRoot: zeroHash, fileBytes: 1n },
    ...{ values: 3, nodes: 1, inputs: 1, outputs: 1, carried: 0 },
    ...{ activations: 1, segment: 1, profile: 1 },
  },
  ...{ step: 0, node: 0, output: 0, element: 9 },
  entries: [{ leaf: 0, entry: '0x1234' }],
  entriesProof: [],
  openings: [],
  traceProof: [zeroHash],
}
const order = {
  ...{ requester: prover, modelId: zeroHash, class: 1, steps: 1 },
  ...{ inputRoot: zeroHash, payToken: zeroAddress, minPrice: 0n },
  ...{ maxPrice: 1n, rampStart: 0, rampDuration: 0, lockDuration: 1 },
  ...{ deliverDuration: 1, expiry: 1, maxAttempts: 1, collateral: 1n },
  ...{ valueAtRisk: 0n, verificationFee: 0n, tip: 0n, callbackGas: 0 },
  ...{ callback: zeroAddress, callbackFee: 0n, maxTotal: 1n },
  ...{ allowedRoot: zeroHash, capabilities: zeroHash, paramsVersion: 1 },
  ...{ currency: 0, nonce: 0n },
}
const commitId = keccak256(
  encodeAbiParameters(parseAbiParameters('bytes32, address, bytes32'), [
    execId,
    prover,
    proofCommitment({ chainId, execId, prover, proof, salt }),
  ]),
)
const direct = encodeFunctionData({
  abi: disputesAbi,
  functionName: 'proveFraud',
  args: [order, proof, salt],
})
const byWitness = encodeFunctionData({
  abi: disputesAbi,
  functionName: 'proveByWitness',
  args: [order, { value: 1, positions: [0], rival: 0 }, proof, salt],
})

function proved(input: Hex, to: Hex = disputes) {
  return {
    ...{ chainId, address: disputes, args: { execId, prover } },
    transaction: { hash: zeroHash, from: prover, to, input },
  } as const
}

test('default: the calldata of a proof names the commit that it reveals', () => {
  expect(commitOfProof(proved(direct))).toBe(commitId)
  expect(commitOfProof(proved(byWitness))).toBe(commitId)
})

test('behavior: a proof through another contract, or none, names nothing', () => {
  expect(commitOfProof(proved(direct, prover))).toBeUndefined()
  expect(commitOfProof(proved('0x12345678'))).toBeUndefined()
  expect(commitOfProof(proved(direct.slice(0, 400) as Hex))).toBeUndefined()
})

test('default: a commit is made, revealed too late, and paid its gas', async () => {
  const store = new MemoryStore()
  await store.see(disputesRules.ProofCommitted, {
    ...{ execId, commitId, prover, revealBy: 9_999 },
  })
  await store.see(
    disputesRules.FraudProved,
    {
      ...{ execId, prover, step: 0, node: 0, output: 0, element: 9 },
      ...{ claimed: 1n, low: 2n, high: 3n },
    },
    { transaction: proved(direct).transaction },
  )
  expect(store.rows('proofCommit')).toMatchObject([{ status: 'revealed' }])
  await store.see(disputesRules.LateProof, {
    ...{ execId, commitId, prover, gas: 5n },
  })
  expect(store.rows('proofCommit')).toMatchObject([{ status: 'late' }])
  await store.see(disputesRules.LateClaimed, {
    ...{ execId, commitId, prover, paid: 4n },
  })
  expect(store.rows('proofCommit')).toMatchObject([{ status: 'paid', gas: 4n }])
})
