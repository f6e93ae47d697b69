import type {
  Abi,
  ContractFunctionArgs,
  ContractFunctionName,
  ReadContractReturnType,
} from 'viem'
import { readContract } from 'viem/actions'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Contracts } from '../types/addressBook.js'

/**
 * Reads from one of the protocol's contracts, with errors of the protocol.
 *
 * @param client - A client that knows the address book.
 * @param parameters - Which contract, and the call as viem takes it.
 * @example
 * const version = await readAction(client, {
 *   contract: 'jobMarket', abi: jobMarketAbi, functionName: 'currentVersion', args: [],
 * })
 */
export async function readAction<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'pure' | 'view'>,
  const args extends ContractFunctionArgs<abi, 'pure' | 'view', name>,
>(
  client: LynodeReader,
  parameters: {
    contract: keyof Contracts
    abi: abi
    functionName: name
    args: args
  },
): Promise<ReadContractReturnType<abi, name, args>> {
  const { contract, abi, functionName, args } = parameters
  try {
    return (await readContract(client, {
      address: client.addressBook.contracts[contract],
      abi: abi as Abi,
      functionName,
      args: args as readonly unknown[],
    })) as ReadContractReturnType<abi, name, args>
  } catch (error) {
    throw toLynodeError(error, abi as Abi)
  }
}
