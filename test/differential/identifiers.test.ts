import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  disputesAbi,
  encodeChunkAnswer,
  encodeOutputAnswer,
  encodeTraceAnswer,
  executionId,
  jobMarketAbi,
  orderId,
  proofCommitment,
} from '@lynode/sdk'
import {
  decodeAbiParameters,
  getAbiItem,
  type Hex,
  parseAbiParameters,
  stringToHex,
} from 'viem'
import { expect, test } from 'vitest'

// Written by test/differential/Identifiers.t.sol.
const path = new URL('../../snapshots/identifiers.json', import.meta.url)
const vector: {
  chainId: number
  jobMarket: Hex
  order: Hex
  jobId: Hex
  execId: Hex
  prover: Hex
  proof: Hex
  commitment: Hex
  traceAnswer: Hex
  outputAnswer: Hex
  chunkAnswer: Hex
} = JSON.parse(readFileSync(fileURLToPath(path), 'utf8'))

test('behavior: an order has the id that the market gives it', () => {
  const { inputs } = getAbiItem({ abi: jobMarketAbi, name: 'jobIdOf' })
  const [order] = decodeAbiParameters(inputs, vector.order)
  const { chainId, jobMarket } = vector
  expect(orderId({ chainId, jobMarket, order })).toBe(vector.jobId)
})

test('behavior: an attempt has the id that disputes give it', () => {
  const { jobId } = vector
  expect(executionId({ jobId, attempt: 2, providerId: 77 })).toBe(vector.execId)
})

test('behavior: a proof is committed to as the contract recomputes it', () => {
  const { inputs } = getAbiItem({ abi: disputesAbi, name: 'proveFraud' })
  const [proof] = decodeAbiParameters([inputs[1]], vector.proof)
  const { chainId, execId, prover } = vector
  const salt = stringToHex('salt', { size: 32 })
  expect(proofCommitment({ chainId, execId, prover, proof, salt })).toBe(
    vector.commitment,
  )
})

test('behavior: answers are the bytes that the contract accepted', () => {
  const [tensorRoots] = decodeAbiParameters(
    parseAbiParameters('bytes32[]'),
    vector.traceAnswer,
  )
  expect(encodeTraceAnswer(tensorRoots)).toBe(vector.traceAnswer)

  const [carriedRoot, outputsRoot, siblings] = decodeAbiParameters(
    parseAbiParameters('bytes32, bytes32, bytes32[]'),
    vector.outputAnswer,
  )
  expect(encodeOutputAnswer({ carriedRoot, outputsRoot, path: siblings })).toBe(
    vector.outputAnswer,
  )

  const [entry, entryProof, opening, traceProof] = decodeAbiParameters(
    parseAbiParameters([
      'bytes entry, bytes32[] entryProof, Opening opening, bytes32[] traceProof',
      'struct Opening { uint32 value; bytes32 dataRoot; uint32[] chunks; bytes data; bytes32[] proof; bytes32[] path; }',
    ]),
    vector.chunkAnswer,
  )
  expect(encodeChunkAnswer({ entry, entryProof, opening, traceProof })).toBe(
    vector.chunkAnswer,
  )
})
