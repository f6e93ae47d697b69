import { setTimeout as sleep } from 'node:timers/promises'
import type { CreateLynodeClientReturnType } from '@lynode/sdk'
import { type Address, parseAbi } from 'viem'
import {
  getContractEvents,
  readContract,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'

export type StartOracleOptions = {
  /** Pays for the answers; nobody else may use its account. */
  client: CreateLynodeClientReturnType
  /** Word of a request; the coordinator's own if it is left out. */
  word?: ((requestId: bigint) => Promise<bigint> | bigint) | undefined
  /** Milliseconds between two looks at the chain. */
  pollMs?: number | undefined
  /** Told of what went wrong; the request is answered at the next look. */
  onError?: ((error: unknown) => void) | undefined
}

/** Answers requests until it is stopped. */
export type Oracle = { stop(): Promise<void> }

const consumerAbi = parseAbi([
  'function s_vrfCoordinator() view returns (address)',
])
const coordinatorAbi = parseAbi([
  'event RandomWordsRequested(bytes32 indexed keyHash, uint256 requestId, uint256 preSeed, uint256 indexed subId, uint16 minimumRequestConfirmations, uint32 callbackGasLimit, uint32 numWords, bytes extraArgs, address indexed sender)',
  'function fulfillRandomWords(uint256 requestId, address consumer)',
  'function fulfillRandomWordsWithOverride(uint256 requestId, address consumer, uint256[] words)',
])

/** The coordinator passes on what the request named; no estimate sees through that. */
const gas = 3_000_000n

/**
 * Plays Chainlink's oracle on a chain of one's own: answers what AuditManager
 * asks of the mock of VRF's coordinator, so that epochs get their seeds.
 */
export function startOracle(options: StartOracleOptions): Oracle {
  const { client, word, pollMs = 200, onError } = options
  const consumer = client.addressBook.contracts.auditManager
  const controller = new AbortController()
  let fromBlock = client.addressBook.deployBlock
  let coordinator: Address | undefined

  async function turn(): Promise<void> {
    coordinator ??= await readContract(client, {
      address: consumer,
      abi: consumerAbi,
      functionName: 's_vrfCoordinator',
    })
    const requests = await getContractEvents(client, {
      address: coordinator,
      abi: coordinatorAbi,
      eventName: 'RandomWordsRequested',
      args: { sender: consumer },
      fromBlock,
      strict: true,
    })
    for (const { args, blockNumber, blockHash } of requests) {
      // A request in another block is another one, whatever its id: the chain may have undone the first.
      const asked = `${blockHash} ${args.requestId}`
      if (answered.has(asked)) continue
      await answer(coordinator, args.requestId)
      fromBlock = blockNumber
      answered.add(asked)
    }
  }
  const answered = new Set<string>()

  async function answer(address: Address, requestId: bigint): Promise<void> {
    const shared = {
      address,
      abi: coordinatorAbi,
      account: client.account,
      chain: client.chain,
      gas,
    }
    const hash =
      word === undefined
        ? await writeContract(client, {
            ...shared,
            functionName: 'fulfillRandomWords',
            args: [requestId, consumer],
          })
        : await writeContract(client, {
            ...shared,
            functionName: 'fulfillRandomWordsWithOverride',
            args: [requestId, consumer, [await word(requestId)]],
          })
    await waitForTransactionReceipt(client, { hash, pollingInterval: 100 })
  }

  const { signal } = controller
  const running = (async () => {
    while (!signal.aborted) {
      await turn().catch((error: unknown) => {
        if (!signal.aborted) onError?.(error)
      })
      await sleep(pollMs, undefined, { signal }).catch(() => undefined) // stopped
    }
  })()
  return {
    async stop() {
      controller.abort()
      await running
    },
  }
}
