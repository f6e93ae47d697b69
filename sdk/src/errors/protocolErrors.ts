import { type Abi, parseAbi } from 'viem'
import { accumulationsAbi } from '../abis/accumulationsAbi.js'
import { burnAuctionAbi } from '../abis/burnAuctionAbi.js'
import { callbacksAbi } from '../abis/callbacksAbi.js'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import { disputesAbi } from '../abis/disputesAbi.js'
import { feeSinkAbi } from '../abis/feeSinkAbi.js'
import { fraudVerifierAbi } from '../abis/fraudVerifierAbi.js'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { modelRegistryAbi } from '../abis/modelRegistryAbi.js'
import { offersAbi } from '../abis/offersAbi.js'
import { parametersAbi } from '../abis/parametersAbi.js'
import { priceOracleAbi } from '../abis/priceOracleAbi.js'
import { rewardsAbi } from '../abis/rewardsAbi.js'
import { sealedAuctionsAbi } from '../abis/sealedAuctionsAbi.js'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { stakerFeesAbi } from '../abis/stakerFeesAbi.js'
import { stakeVoterAbi } from '../abis/stakeVoterAbi.js'
import { zkDeliveriesAbi } from '../abis/zkDeliveriesAbi.js'
import { zkModelsAbi } from '../abis/zkModelsAbi.js'
import { zkVerifierRouterAbi } from '../abis/zkVerifierRouterAbi.js'

/**
 * Every error that a call to the protocol may revert with.
 *
 * @example
 * protocolErrors.length
 */
export const protocolErrors: Abi = [
  ...[
    accumulationsAbi,
    burnAuctionAbi,
    callbacksAbi,
    delegationPoolsAbi,
    disputesAbi,
    feeSinkAbi,
    fraudVerifierAbi,
    jobMarketAbi,
    ledgerAbi,
    modelRegistryAbi,
    offersAbi,
    parametersAbi,
    priceOracleAbi,
    sealedAuctionsAbi,
    stakeManagerAbi,
    zkDeliveriesAbi,
    zkModelsAbi,
    zkVerifierRouterAbi,
    rewardsAbi,
    stakeVoterAbi,
    stakerFeesAbi,
  ].flatMap((abi: Abi) => abi.filter((item) => item.type === 'error')),
  // Of contracts that no action calls: the rest of their ABIs is in no page.
  ...parseAbi([
    'error Checker_Unsupported(uint16 opcode)',
    'error CheckerRegistry_LengthMismatch(uint256 opcodes, uint256 checkers)',
    'error CheckerRegistry_NoCode(address checker)',
    'error Receipts_BadReceipt(bytes32 execId)',
    'error Receipts_NotDelivered(bytes32 jobId)',
  ]),
  // What settlements, demands and proofs may meet; the rest of the audits' is in `@lynode/sdk/audits`.
  ...parseAbi([
    'error AuditManager_Held(bytes32 execId, uint40 until)',
    'error Attestations_NotItsOwn(bytes32 caseId)',
    'error Attestations_UnknownCase(bytes32 caseId)',
  ]),
  // Of the libraries behind FraudVerifier.
  ...parseAbi([
    'error HonestSet_Incomparable(uint8 kind, uint8 dtype)',
    'error FieldElements_OutOfRange(uint32 bits)',
    'error FieldElements_TooWide(int256 value)',
    'error ManifestCodec_Malformed()',
    'error ManifestCodec_OutOfRange(uint256 index)',
    'error MerkleTree_LengthMismatch(uint256 indices, uint256 hashes)',
    'error MerkleTree_NotAscending(uint256 index)',
    'error MerkleTree_OutOfRange(uint256 index, uint256 size)',
    'error MerkleTree_ProofLength(uint256 used, uint256 length)',
    // Of checkers that work in parts.
    'error Checker_WrongHint(uint256 hint)',
    'error ExactDot_AboveTop(uint256 order, uint256 top)',
  ]),
  // Of OpenZeppelin's contracts behind ours.
  ...parseAbi([
    'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
    'error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)',
    'error OwnableUnauthorizedAccount(address account)',
    'error GovernorAlreadyCastVote(address voter)',
    'error GovernorInsufficientProposerVotes(address proposer, uint256 votes, uint256 threshold)',
    'error GovernorUnableToCancel(uint256 proposalId, address account)',
    'error GovernorUnexpectedProposalState(uint256 proposalId, uint8 current, bytes32 expectedStates)',
    'error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates)',
    'error LynodeGovernor_MixedProposal()',
    'error LynodeGovernor_TermTooLong(uint48 until, uint48 maximum)',
  ]),
]
