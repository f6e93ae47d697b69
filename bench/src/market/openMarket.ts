import {
  approveToken,
  type CreateLynodeClientReturnType,
  createLynodeClient,
  depositCommitted,
  jobMarketAbi,
  type LynodeClient,
  type Order,
  readAction,
  registerModel,
} from '@lynode/sdk'
import {
  deployProtocol,
  devnetAccounts,
  enrolProvider,
  startChain,
  startOracle,
} from 'lynode/devnet'
import {
  createTestClient,
  defineChain,
  erc20Abi,
  type Hex,
  http,
  keccak256,
  parseEther,
  type TestClient,
  toHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  getBlock,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'

/** A chain of our own with the contracts on it, a requester and providers. */
export type OpenMarket = {
  requester: CreateLynodeClientReturnType
  providers: LynodeClient[]
  test: TestClient<'anvil'>
  /** An order that any provider can lock for a LYN, distinct by its nonce. */
  order(nonce: bigint): Promise<Order>
  close(): Promise<void>
}

/** LYN of stake behind a job; the least that the local profile takes. */
export const collateral = parseEther('500')

/**
 * Starts anvil, deploys the protocol and enrols providers.
 *
 * @param stakes - LYN wei of each provider.
 */
export async function openMarket(
  stakes: readonly bigint[],
): Promise<OpenMarket> {
  const chain = await startChain()
  const accounts = devnetAccounts()
  const { addressBook } = await deployProtocol(
    chain.rpcUrl,
    accounts.deployer.privateKey,
  )
  const viemChain = defineChain({
    id: chain.chainId,
    name: 'bench',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [chain.rpcUrl] } },
  })
  const clientOf = (privateKey: Hex) =>
    createLynodeClient({
      chain: viemChain,
      transport: http(chain.rpcUrl, { timeout: 120_000 }),
      account: privateKeyToAccount(privateKey),
      addressBook,
      pollingIntervalMs: 20,
    })
  const test = testClient(chain.rpcUrl)
  const deployer = clientOf(accounts.deployer.privateKey)
  const requester = clientOf(accounts.requester.privateKey)
  const oracle = startOracle({ client: clientOf(accounts.oracle.privateKey) })
  const { lynToken, ledger } = addressBook.contracts

  const funds = parseEther('1000000')
  const hash = await writeContract(deployer, {
    address: lynToken,
    abi: erc20Abi,
    functionName: 'transfer',
    args: [requester.account.address, funds],
  })
  await waitForTransactionReceipt(deployer, { hash })
  await approveToken(requester, {
    token: lynToken,
    spender: ledger,
    amount: funds,
  })
  await depositCommitted.sync(requester, { token: lynToken, amount: funds })

  const providers: LynodeClient[] = []
  for (const [index, stake] of stakes.entries()) {
    const hot = clientOf(keccak256(toHex(`bench provider ${index}`)))
    await test.setBalance({
      address: hot.account.address,
      value: parseEther('1000'),
    })
    await enrolProvider(deployer, { hot, endpoint: '', stake })
    providers.push(hot)
  }
  const { event } = await registerModel.sync(requester, {
    header: {
      manifestRoot: keccak256(toHex('bench')),
      fileRoot: keccak256(toHex('file')),
      fileBytes: 1_000n,
      values: 4,
      nodes: 2,
      inputs: 1,
      outputs: 1,
      carried: 0,
      activations: 1,
      segment: 1,
      profile: 1,
    },
    classes: 3,
  })
  const version = await readAction(requester, {
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'currentVersion',
    args: [],
  })
  const { minVerificationFee } = await readAction(requester, {
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'snapshotOf',
    args: [version, 2, lynToken],
  })
  const price = parseEther('1')
  const rampStart = Number((await getBlock(requester)).timestamp)
  return {
    requester,
    providers,
    test,
    order: async (nonce) => ({
      requester: requester.account.address,
      modelId: event.modelId,
      class: 2,
      steps: 1,
      inputRoot: keccak256(toHex('input')),
      payToken: lynToken,
      minPrice: price,
      maxPrice: price,
      rampStart,
      rampDuration: 0,
      // Nothing closes while the benchmark runs.
      lockDuration: 10 ** 6,
      deliverDuration: 10 ** 6,
      expiry: rampStart + 10 ** 6,
      maxAttempts: 1,
      collateral,
      valueAtRisk: 0n,
      verificationFee: minVerificationFee,
      tip: 0n,
      callback: zeroAddress,
      callbackGas: 0,
      callbackFee: 0n,
      maxTotal: price + minVerificationFee,
      allowedRoot: zeroHash,
      capabilities: zeroHash,
      paramsVersion: version,
      currency: 0,
      nonce,
    }),
    async close() {
      await oracle.stop()
      await chain.stop()
    },
  }
}

function testClient(rpcUrl: string): TestClient<'anvil'> {
  return createTestClient({
    mode: 'anvil',
    transport: http(rpcUrl, { timeout: 120_000 }),
  })
}
