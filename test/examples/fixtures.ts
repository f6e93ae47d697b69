import {
  blobRoot,
  buildFraudProof,
  buildModel,
  type Commitments,
  type ComputeOffer,
  createLynodeClient,
  dtypes,
  type ElementQuery,
  type ExecutionRoots,
  executionId,
  type FlatParameter,
  finishModel,
  type Hex,
  type InputsDocument,
  type InterfaceValue,
  inputRootOf,
  judgedManifest,
  type LynodeClient,
  type ModelInterface,
  modelInterface,
  type Order,
  orderId,
  parseAddressBook,
  prepareModel,
  type ResultDocument,
  type RunResult,
  readManifest,
  resultRootOf,
  type TraceDocument,
  type TrainingPlan,
  type TrainingRecord,
  type TrainParameters,
  tensorHeader,
  tensorRootsOf,
  toCommitted,
  traceRootOf,
  weightReader,
  type ZkShape,
  zkShapeOf,
} from '@lynode/sdk'
import {
  type Chain,
  defineChain,
  encodeFunctionData,
  erc20Abi,
  http,
  parseEther,
  zeroAddress,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

// What the examples of the sdk name. The numbers are of one real step of a small
// model; the chain is whatever the test gives, or none.

/** Where the examples run; nowhere unless a test says so. */
type Place = {
  rpcUrl: string
  addressBook: string
  privateKey: Hex
  modelId: Hex
  server: string
}
const given = (globalThis as { lynodeExamples?: Place }).lynodeExamples

// --- A model and one step of it: y = Relu(x W) ---

const weights = Float32Array.of(1, -1, 0, 2, 0, 1, 0, 1, -1.5, 1, 1, 0)
export const source = buildModel({
  inputs: { x: [1, 4] },
  outputs: ['y'],
  weights: {
    w: {
      dtype: dtypes.float32,
      dims: [4, 3],
      bytes: new Uint8Array(weights.buffer),
    },
  },
  nodes: [
    ['MatMul', ['x', 'w'], ['h']],
    ['Relu', ['h'], ['y']],
  ],
})
export const graph = source
export const file = new Uint8Array(finishModel(prepareModel(source)))
export const manifest = readManifest(file)
export const model = modelInterface(manifest) as ModelInterface & {
  inputs: { x: InterfaceValue & { dtype: 'float32' } }
  outputs: { y: InterfaceValue & { dtype: 'float32' } }
}
export const value = manifest.values[0] as (typeof manifest.values)[number]
export const node = manifest.nodes[0] as (typeof manifest.nodes)[number]
export const weight = manifest.values.findIndex(({ kind }) => kind === 'weight')

const step: Record<string, Float32Array<ArrayBuffer>> = {
  x: Float32Array.of(1, 2, -3, 0.5),
  h: Float32Array.of(5.5, -3.5, 6.5),
  y: Float32Array.of(5.5, 0, 6.5),
}
const weightOf = weightReader(file, manifest)
/** Committed bytes of a value of the step. */
export function committed(index: number): Uint8Array {
  const entry = manifest.values[index]
  if (entry === undefined) throw new RangeError(`no value ${index}`)
  if (entry.kind === 'weight') return weightOf(index) as Uint8Array
  const elements = step[entry.name] as Float32Array
  return toCommitted(entry.type, new Uint8Array(elements.buffer))
}
/** Reads as `judgeElement` does. */
export const read = (
  index: number,
  offset: number,
  length: number,
): Uint8Array => committed(index).subarray(offset, offset + length)

const tensorsOf = (kind: 'input' | 'activation' | 'output') =>
  manifest.values.flatMap((entry, index) =>
    entry.kind === kind
      ? [{ ...entry.type, dataRoot: blobRoot(committed(index)) }]
      : [],
  )
export const inputsDocument: InputsDocument = {
  kind: 'inputs',
  steps: [tensorsOf('input')],
}
export const resultDocument: ResultDocument = {
  kind: 'result',
  segment: 1,
  steps: [{ carried: [], outputs: tensorsOf('output') }],
}
export const traceDocument: TraceDocument = {
  kind: 'trace',
  tensors: tensorsOf('activation'),
}
export const commitments: Commitments = {
  inputs: inputsDocument,
  result: resultDocument,
  trace: traceDocument,
}
export const inputRoot = inputRootOf(inputsDocument)
export const resultRoot = resultRootOf(resultDocument)
export const traceRoot = traceRootOf(traceDocument)
export const tensorRoots = tensorRootsOf(traceDocument.tensors)
export const roots = tensorRoots
export const steps = inputsDocument.steps
export const root = manifest.header.fileRoot
export const executionRoots: ExecutionRoots = {
  modelId: manifest.modelId,
  steps: 1,
  inputRoot,
  resultRoot,
  traceRoot,
  statesRoot: zeroHash,
}
export const parameters = {
  manifest,
  step: 0,
  node: 0,
  output: 0,
  element: 1,
  commitments,
  committed,
}
export const { proof } = await buildFraudProof(parameters)
export const verdict = proof
export const place = { step: 0, node: 0, output: 0, element: 1, hint: 0n }
export const { output, element } = place
export const query: ElementQuery = {
  opcode: node.opcode,
  attributes: node.attributes,
  inputs: node.inputs.map((index) => manifest.values[index]?.type),
  outputs: node.outputs.flatMap((index) => manifest.values[index]?.type ?? []),
  output: 0,
  element: 0,
}

/** The largest of three: an operator that selects. */
const pool = readManifest(
  finishModel(
    prepareModel(
      buildModel({
        inputs: { x: [1, 3] },
        outputs: ['y'],
        nodes: [
          ['ReduceMax', ['x'], ['y'], { axes: { type: 'ints', value: [1n] } }],
        ],
      }),
    ),
  ),
)
export const pooled = judgedManifest(pool)
export const readPooled = (index: number, offset: number, length: number) =>
  new Uint8Array(
    (pool.values[index]?.kind === 'input'
      ? Float32Array.of(1, 3, 2)
      : Float32Array.of(3)
    ).buffer,
  ).subarray(offset, offset + length)

const selectionOf = (index: number) => readPooled(index, 0, 12)
const tensorAt = (index: number) => ({
  ...pool.values[index]!.type,
  dataRoot: blobRoot(selectionOf(index)),
})
const [pooledInput, pooledOutput] = ['input', 'output'].map((kind) =>
  pool.values.findIndex((entry) => entry.kind === kind),
) as [number, number]
/** Where the largest of three was selected. */
export const selection = {
  manifest: pool,
  step: 0,
  node: 0,
  output: 0,
  element: 0,
  commitments: {
    inputs: { kind: 'inputs', steps: [[tensorAt(pooledInput)]] },
    result: {
      kind: 'result',
      segment: 1,
      steps: [{ carried: [], outputs: [tensorAt(pooledOutput)] }],
    },
    trace: { kind: 'trace', tensors: [] },
  } satisfies Commitments,
  committed: selectionOf,
}
export const selectionRoots: ExecutionRoots = {
  modelId: pool.modelId,
  steps: 1,
  inputRoot: inputRootOf(selection.commitments.inputs),
  resultRoot: resultRootOf(selection.commitments.result),
  traceRoot: zeroHash,
  statesRoot: zeroHash,
}

// --- Files ---

export const layout: FlatParameter[] = [
  { name: 'w', dims: [4, 3], offset: 0, size: 12 },
]
/** A TensorProto: int32, two elements, called `n`. */
export const tensorFile = Uint8Array.of(
  ...[0x08, 0x02, 0x10, 0x06, 0x42, 0x01, 0x6e],
  ...[0x4a, 0x08, 1, 0, 0, 0, 2, 0, 0, 0],
)
export const npyFile = new Blob([
  new Uint8Array([
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0],
    ...new TextEncoder().encode(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117),
    ),
    ...[10, 0, 0, 128, 63, 0, 0, 0, 64],
  ]),
])
export const settingsFile = new TextEncoder().encode(
  JSON.stringify({
    run_args: {
      logrows: 17,
      input_visibility: 'Public',
      output_visibility: 'Public',
      param_visibility: 'Fixed',
      commitment: 'KZG',
    },
    num_rows: 100,
    model_instance_shapes: [
      [1, 4],
      [1, 3],
    ],
    model_input_scales: [7],
    model_output_scales: [7],
    version: '21.0.0',
  }),
)
export const written = new Map<string, Uint8Array>()
export const bytes = file
export const data = new Uint8Array(8)

// --- A chain, accounts and clients ---

const contractNames =
  'lynToken ledger stakeManager modelRegistry jobMarket disputes demands accumulations attestations fraudVerifier answerVerifier reductionVerifier witnessVerifier checkerRegistry parameters feeSink priceOracle offers sealedAuctions callbacks receipts zkVerifierRouter zkModels zkDeliveries timelock governor stakeVoter stakerFees burnAuction rewards grantFactory auditManager canaries treasuryVault'
export const addressBookText =
  given?.addressBook ??
  JSON.stringify({
    chainId: 31337,
    contracts: Object.fromEntries(
      contractNames
        .split(' ')
        .map((name, i) => [name, `0x${String(i + 10).repeat(20)}`]),
    ),
  })
export const addressBook = parseAddressBook(addressBookText)
export const book = addressBook
export const { chainId, contracts } = addressBook
const rpcUrl = given?.rpcUrl ?? 'http://127.0.0.1:1'
export const chain: Chain = defineChain({
  id: chainId,
  name: 'devnet',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [rpcUrl] } },
})
export const transport = http(rpcUrl, { retryCount: 0 })
export const account = privateKeyToAccount(
  given?.privateKey ?? `0x${'11'.repeat(32)}`,
)
export const client: LynodeClient & ReturnType<typeof createLynodeClient> =
  createLynodeClient({
    chain,
    transport,
    account,
    addressBook,
    pollingIntervalMs: 200,
  })
export const hot = client
export const owner = client
export const requester = client
export const server = given?.server ?? 'http://127.0.0.1:1'
export const relay = server
export const relays = [server]
export const sources = [server]
export const endpoint = server
export const provider = { endpoint: server }

// --- Terms, ids and messages ---

export const token = contracts.lynToken
export const amount = parseEther('1')
export const maxPrice = parseEther('15')
export const to = account.address
export const hotKey = account.address
export const opener = account.address
export const verifier = contracts.fraudVerifier
export const providerId = 1
export const verifierId = 2
export const nonce = 1
export const shares = 1n
export const thawId = 1n
export const commitId: Hex = `0x${'44'.repeat(32)}`
export const attempt = 0
export const epoch = 1
export const finding = 1
export const deadline = 4_000_000_000n
export const commitEnd = 4_000_000_000
export const revealEnd = 4_000_000_100
export const modelId = given?.modelId ?? manifest.modelId
export const otherModelId: Hex = `0x${'ab'.repeat(32)}`
export const proposalId = 1n
export const description = 'Why this is good'
export const actions = [
  {
    target: token,
    value: 0n,
    data: encodeFunctionData({
      abi: erc20Abi,
      functionName: 'transfer',
      args: [to, 1n],
    }),
  },
]
export const salt: Hex = `0x${'22'.repeat(32)}`
export const signature: Hex = `0x${'33'.repeat(65)}`
export const offerSignature = signature
export const consent = signature
export const permit = { value: amount, deadline, v: 27, r: salt, s: salt }
export const order: Order = {
  requester: account.address,
  modelId,
  class: 2,
  steps: 1,
  inputRoot,
  payToken: token,
  minPrice: maxPrice / 3n,
  maxPrice,
  rampStart: 1_000,
  rampDuration: 4,
  lockDuration: 30,
  deliverDuration: 6,
  expiry: 2_000,
  maxAttempts: 3,
  collateral: parseEther('1000'),
  valueAtRisk: 0n,
  verificationFee: 0n,
  tip: 0n,
  callback: zeroAddress,
  callbackGas: 0,
  callbackFee: 0n,
  maxTotal: maxPrice,
  allowedRoot: zeroHash,
  capabilities: zeroHash,
  paramsVersion: 1,
  currency: 0,
  nonce: 7n,
}
export const draft = order
export const orders = [order, { ...order, nonce: 8n }]
export const terms = { modelId, class: 'float' as const, inputRoot, maxPrice }
export const jobId = orderId({ chainId, jobMarket: contracts.jobMarket, order })
export const execId = executionId({ jobId, attempt: 0, providerId })
export const demandId = execId
export const caseId = execId
export const hash = salt
export const block = { timestamp: 1_002n }
export const offer: ComputeOffer = {
  providerId,
  models: modelId,
  payToken: token,
  currency: 0,
  pricePerStep: 1n,
  class: 2,
  capacity: 10n,
  maxCollateral: order.collateral,
  minDeliver: 6,
  millisPerStep: 10,
  requester: zeroAddress,
  inputRoot: zeroHash,
  expiry: 4_000_000_000,
  nonce: 1n,
}
export const request = {
  requester: account.address,
  modelId,
  class: 2,
  steps: 1,
  inputRoot,
  payToken: token,
  collateral: order.collateral,
  deliverDuration: 6,
}
export const heartbeat = {
  providerId,
  endpoint: server,
  freeJobs: 1,
  at: 1_000,
}
export const rates = { lynRate: null, usdRate: 0n, decimals: 18 }
export const inputs = { x: [1, 2, -3, 0.5] }
export const result: RunResult = {
  jobId,
  order,
  modelId,
  class: 'float',
  status: 'delivered',
  providerId,
  attempt,
  price: 5n,
  resultRoot,
  final: false,
  finalAt: 1_000,
  outputs: {
    y: {
      dtype: 'float32',
      dims: [1, 3],
      data: step['y'] as Float32Array<ArrayBuffer>,
    },
  },
}
export const smallOutputs = tensorsOf('output').map((tensor) => ({
  header: bytesHex(tensorHeader(tensor)),
  data: bytesHex(
    committed(manifest.values.findIndex(({ kind }) => kind === 'output')),
  ),
  carried: false,
}))
export const carriedRoot: Hex = zeroHash
export const claim = { value: 3, positions: [1], rival: 0 }

// --- Class zk ---

export const header = manifest.header
export const shape: ZkShape = zkShapeOf({
  inputs: [value.type],
  inputScales: [7],
  outputs: [value.type],
  outputScales: [7],
})
export const selector: Hex = '0x12345678'
export const circuitRoot: Hex = salt
export const keyRoot: Hex = salt
export const settingsRoot: Hex = salt
export const provedSteps = [
  { inputs: ['0x00' as const], outputs: [[1n]], proof: '0x00' as const },
]

// --- Training ---

export const plan: TrainingPlan = {
  modelId: manifest.modelId,
  steps: 1,
  milestoneSteps: 1,
  state: {},
  data: [{ x: tensorsOf('input')[0] as ReturnType<typeof tensorsOf>[number] }],
}
const nobody = (): Promise<never> =>
  Promise.reject(new Error('nobody sells here'))
export const trainingMarket: Pick<
  TrainParameters,
  'makeOrder' | 'sendOrder' | 'data'
> = {
  makeOrder: nobody,
  sendOrder: nobody,
  data: { putBlob: nobody, putDocument: nobody, getDocument: nobody },
}
export const getDocument = nobody
/** Of a training that has not begun. */
export const trainingRecord: TrainingRecord = { plan, signature, orders: [] }
export const record: TrainParameters['record'] = {
  load: async () => undefined,
  save: async () => undefined,
}

function bytesHex(from: Uint8Array): Hex {
  return `0x${Buffer.from(from).toString('hex')}`
}
