export * from './abis/accumulationsAbi.js'
export * from './abis/answerVerifierAbi.js'
export * from './abis/attestationsAbi.js'
export * from './abis/auditManagerAbi.js'
export * from './abis/burnAuctionAbi.js'
export * from './abis/callbacksAbi.js'
export * from './abis/canariesAbi.js'
export * from './abis/checkerAbi.js'
export * from './abis/checkerRegistryAbi.js'
export * from './abis/delegationPoolsAbi.js'
export * from './abis/demandsAbi.js'
export * from './abis/disputesAbi.js'
export * from './abis/feeSinkAbi.js'
export * from './abis/fraudVerifierAbi.js'
export * from './abis/grantFactoryAbi.js'
export * from './abis/jobMarketAbi.js'
export * from './abis/ledgerAbi.js'
export * from './abis/lynodeGovernorAbi.js'
export * from './abis/lynTokenAbi.js'
export * from './abis/marketLensAbi.js'
export * from './abis/modelRegistryAbi.js'
export * from './abis/offersAbi.js'
export * from './abis/parametersAbi.js'
export * from './abis/priceOracleAbi.js'
export * from './abis/receiptsAbi.js'
export * from './abis/reductionVerifierAbi.js'
export * from './abis/rewardsAbi.js'
export * from './abis/sealedAuctionsAbi.js'
export * from './abis/stakeManagerAbi.js'
export * from './abis/stakerFeesAbi.js'
export * from './abis/stakeVoterAbi.js'
export * from './abis/timelockControllerAbi.js'
export * from './abis/vaultAbi.js'
export * from './abis/vestingGrantAbi.js'
export * from './abis/witnessVerifierAbi.js'
export * from './abis/zkDeliveriesAbi.js'
export * from './abis/zkModelsAbi.js'
export * from './abis/zkVerifierRouterAbi.js'
export * from './actions/absorbTerms.js'
export * from './actions/accumulationId.js'
export * from './actions/addZkVerifier.js'
export * from './actions/announceOffer.js'
export * from './actions/announceOrder.js'
export * from './actions/answerDemand.js'
export * from './actions/answerPayloads.js'
export * from './actions/appraise.js'
export * from './actions/approveToken.js'
export * from './actions/auctionOutcome.js'
export * from './actions/bidCommitment.js'
export * from './actions/bindZkModel.js'
export * from './actions/burnReserve.js'
export * from './actions/callbackJob.js'
export * from './actions/cancelNonces.js'
export * from './actions/cancelOffer.js'
export * from './actions/cancelProposal.js'
export * from './actions/castVote.js'
export * from './actions/claimBond.js'
export * from './actions/claimLate.js'
export * from './actions/claimRewards.js'
export * from './actions/closeAuction.js'
export * from './actions/closeBid.js'
export * from './actions/commitBalance.js'
export * from './actions/commitProof.js'
export * from './actions/declineJob.js'
export * from './actions/delegate.js'
export * from './actions/delegateVotes.js'
export * from './actions/deliverProved.js'
export * from './actions/deliverResult.js'
export * from './actions/deliverWithOutputs.js'
export * from './actions/demand.js'
export * from './actions/deposit.js'
export * from './actions/depositCommitted.js'
export * from './actions/distributeFees.js'
export * from './actions/distributeRewards.js'
export * from './actions/executeProposal.js'
export * from './actions/executionId.js'
export * from './actions/expireDemand.js'
export * from './actions/expireLock.js'
export * from './actions/findOrder.js'
export * from './actions/flushPool.js'
export * from './actions/forfeitCommit.js'
export * from './actions/getAuction.js'
export * from './actions/getAuctionBond.js'
export * from './actions/getBalance.js'
export * from './actions/getBid.js'
export * from './actions/getDelegation.js'
export * from './actions/getDelegations.js'
export * from './actions/getDemand.js'
export * from './actions/getExecution.js'
export * from './actions/getFilled.js'
export * from './actions/getJob.js'
export * from './actions/getMaxExposure.js'
export * from './actions/getModel.js'
export * from './actions/getParameters.js'
export * from './actions/getPool.js'
export * from './actions/getPoolHistory.js'
export * from './actions/getProposals.js'
export * from './actions/getProvedDelivery.js'
export * from './actions/getProvider.js'
export * from './actions/getProviders.js'
export * from './actions/getRates.js'
export * from './actions/getThaws.js'
export * from './actions/getTreasury.js'
export * from './actions/getZkModel.js'
export * from './actions/getZkVerifier.js'
export * from './actions/isNonceUsed.js'
export * from './actions/isOrderSignature.js'
export * from './actions/judgeAccumulation.js'
export * from './actions/leave.js'
export * from './actions/lockAllowed.js'
export * from './actions/lockJob.js'
export * from './actions/lockWinner.js'
export * from './actions/lockWithOffer.js'
export * from './actions/lockWithPermit.js'
export * from './actions/offerId.js'
export * from './actions/openAccumulation.js'
export * from './actions/openAuction.js'
export * from './actions/openPool.js'
export * from './actions/orderId.js'
export * from './actions/orderTotal.js'
export * from './actions/placeBid.js'
export * from './actions/pokePrice.js'
export * from './actions/poolYield.js'
export * from './actions/postOrder.js'
export * from './actions/priceOf.js'
export * from './actions/proofCommitment.js'
export * from './actions/propose.js'
export * from './actions/proveByWitness.js'
export * from './actions/proveFraud.js'
export * from './actions/publishParameters.js'
export * from './actions/queueProposal.js'
export * from './actions/readAction.js'
export * from './actions/reclaimCallbackFee.js'
export * from './actions/refundJob.js'
export * from './actions/registerModel.js'
export * from './actions/registerNode.js'
export * from './actions/requestLeave.js'
export * from './actions/requestThaw.js'
export * from './actions/revealBid.js'
export * from './actions/rotateHotKey.js'
export * from './actions/setCapabilities.js'
export * from './actions/setCommission.js'
export * from './actions/setEndpoint.js'
export * from './actions/settleJob.js'
export * from './actions/settleJobs.js'
export * from './actions/shardSignature.js'
export * from './actions/signHotKeyConsent.js'
export * from './actions/signOffer.js'
export * from './actions/signOrder.js'
export * from './actions/signOrderBatch.js'
export * from './actions/signPermit.js'
export {
  type SignPlanParameters,
  type SignPlanReturnType,
  signPlan,
} from './actions/signPlan.js'
export * from './actions/splitPrice.js'
export * from './actions/stake.js'
export * from './actions/takeStance.js'
export {
  type TrainErrorType,
  type TrainingEvent,
  type TrainingRecord,
  type TrainParameters,
  train,
} from './actions/train.js'
export * from './actions/undelegate.js'
export * from './actions/unjail.js'
export {
  type VerifiedJob,
  type VerifyPlanParameters,
  type VerifyPlanReturnType,
  verifyPlan,
} from './actions/verifyPlan.js'
export * from './actions/voteStake.js'
export * from './actions/withdraw.js'
export * from './actions/withdrawDelegation.js'
export * from './actions/withdrawStake.js'
export * from './actions/writeAction.js'
export * from './amounts/formatAmount.js'
export * from './amounts/formatPrice.js'
export * from './amounts/parseAmount.js'
export * from './amounts/parsePrice.js'
export * from './clients/createLynodeClient.js'
export * from './clients/lynodeActions.js'
export * from './clients/lynodeClient.js'
export * from './clients/parseAddressBook.js'
export * from './clients/withAddressBook.js'
export * from './data/fetchBlob.js'
export * from './data/fetchResult.js'
export * from './data/firstSource.js'
export * from './data/uploadBlob.js'
export * from './data/uploadInputs.js'
export * from './errors/catalogue.js'
export * from './errors/contractErrors.js'
export * from './errors/lynodeError.js'
export * from './errors/protocolErrors.js'
export * from './errors/toLynodeError.js'
export * from './governance/describeActions.js'
export * from './governance/proposal.js'
// Hash trees and tensor commitments
export { bytesToHex, hexToBytes, isRoot } from './hash/hex.js'
export { defaultSha256, type Sha256 } from './hash/sha256.js'
export {
  bundleTypes,
  checkDocument,
  checkStates,
  outputTypes,
  traceTypes,
} from './job/checkDocuments.js'
export {
  type InputsDocument,
  parseInputsDocument,
  parseResultDocument,
  parseStatesDocument,
  parseTraceDocument,
  type ResultDocument,
  type StatesDocument,
  type TensorDocument,
  type TraceDocument,
} from './job/documents.js'
export {
  inputBundleRoot,
  inputRootOf,
  inputTrees,
  resultRootOf,
  resultTrees,
  segmentLeaf,
  statesTrees,
  tensorRootsOf,
  traceRootOf,
  treeOfRoots,
} from './job/roots.js'
export { endsSegment, type SegmentRange, segmentOf } from './job/segments.js'
export { amendModel, unfusedValues } from './model/amendModel.js'
export { analyseGraph } from './model/analyseGraph.js'
export type { Shapes } from './model/bindShapes.js'
export {
  checkModel,
  type ModelReport,
  type OperatorReport,
  type Refusal,
} from './model/checkModel.js'
export { chooseDerived } from './model/chooseDerived.js'
export { decodeNode, decodeValue } from './model/decodeEntry.js'
export {
  encodeManifest,
  encodeNode,
  encodeValue,
  manifestTree,
} from './model/encodeManifest.js'
export { finishModel } from './model/finishModel.js'
export { modelLimits } from './model/limits.js'
export { modelIdOf } from './model/modelId.js'
export { naturalOrder } from './model/naturalOrder.js'
export { type PrepareOptions, prepareModel } from './model/prepareModel.js'
export { proofWay } from './model/proofSize.js'
export { readManifest } from './model/readManifest.js'
export {
  committedOperands,
  modelWithOutputs,
  nodeModel,
  nodeModels,
  traceModel,
  traceNames,
} from './model/traceModel.js'
export { weightReader } from './model/weightReader.js'
export { encodeNpy } from './npy/encodeNpy.js'
export { type NpyArray, parseNpy } from './npy/parseNpy.js'
export { buildModel, type ModelParts } from './onnx/buildModel.js'
export { embedData } from './onnx/embedData.js'
export { encodeOnnx } from './onnx/encodeOnnx.js'
export type {
  Graph,
  GraphAttribute,
  GraphNode,
  GraphTensor,
  GraphValue,
} from './onnx/graph.js'
export { parseOnnx } from './onnx/parseOnnx.js'
export { parseTensor } from './onnx/parseTensor.js'
export { roundingsOf } from './operators/exactDot.js'
export { halfKey } from './operators/half.js'
export { checkerOf, operatorOf, operators } from './operators/index.js'
export * from './operators/operator.js'
export { type ProfileName, profiles } from './operators/sumRules.js'
export {
  buildChunkAnswer,
  buildOutputAnswer,
  buildStepAnswer,
  type ChunkAnswer,
  type OutputAnswer,
  type ProvenEntry,
  proveEntry,
} from './proof/answers.js'
export {
  type BuiltAccumulation,
  buildAccumulation,
} from './proof/buildAccumulation.js'
export {
  type BuildFraudProofParameters,
  type BuiltFraudProof,
  buildFraudProof,
  entryOf,
} from './proof/buildFraudProof.js'
export * from './proof/buildWitnessProof.js'
export { bitsOf, floatKey, integerOf, isHonest } from './proof/isHonest.js'
export { judgedManifest } from './proof/judgedManifest.js'
export {
  chunksRead,
  type ElementReader,
  type Judged,
  type JudgeElementParameters,
  type Judgement,
  judgeElement,
} from './proof/judgeElement.js'
export { type OpenValueParameters, openValue } from './proof/openValue.js'
export {
  type Commitments,
  type ResolvedValue,
  resolveValue,
} from './proof/resolveValue.js'
export {
  type ExecutionRoots,
  type VerifyProofOptions,
  verifyFraudProof,
  verifyWitnessProof,
} from './proof/verifyFraudProof.js'
export {
  findRival,
  judgeWitness,
  nameWitness,
  offsetsOfWitness,
  type WitnessRule,
  witnessRule,
} from './proof/witness.js'
export * from './relay/askQuote.js'
export * from './relay/findOrderOnRelays.js'
export * from './relay/heartbeat.js'
export * from './relay/listItems.js'
export * from './relay/postItem.js'
export * from './relay/postToRelays.js'
export * from './relay/quoteRequest.js'
export * from './relay/relayPaths.js'
export * from './relay/signedOffer.js'
export * from './relay/signedOrder.js'
export * from './relay/structJson.js'
export * from './run/awaitJob.js'
export * from './run/bindInputs.js'
export type { CheckProofs } from './run/checkProofs.js'
export * from './run/fillQuote.js'
export * from './run/finality.js'
export * from './run/findServers.js'
export * from './run/followJob.js'
export * from './run/fundRequester.js'
export * from './run/loadModel.js'
export * from './run/makeOrder.js'
export * from './run/modelInterface.js'
export { fetchOutputs, type Outputs } from './run/outputs.js'
export * from './run/run.js'
export * from './run/runStates.js'
export * from './run/sendOrder.js'
export * from './run/tensor.js'
export * from './run/verifyResult.js'
export { committedIndex, logicalIndex } from './tensor/committedIndex.js'
export { toCommitted, toLogical } from './tensor/permuteBytes.js'
export { tensorHeader, tensorRoot, tensorRootOf } from './tensor/tensorRoot.js'
export {
  byteLength,
  committedDims,
  elementBytes,
  elementCount,
  identityPerm,
  isPerm,
  rowMajorStrides,
  sameType,
} from './tensor/tensorType.js'
export {
  type AverageOptions,
  buildAverageStep,
} from './training/buildAverageStep.js'
export {
  buildTrainingStep,
  type TrainingStep,
  type TrainingStepOptions,
} from './training/buildTrainingStep.js'
export { encodeSafetensors } from './training/encodeSafetensors.js'
export { splitParameters, trainedModel } from './training/exportParameters.js'
export type { FlatParameter } from './training/flatParameters.js'
export type { LossOptions } from './training/losses/loss.js'
export type { OptimiserOptions } from './training/optimisers/optimiser.js'
export {
  type DataOptions,
  dataInput,
  orderInput,
} from './training/sampleBatch.js'
export type { Schedule } from './training/schedule.js'
export { shuffledOrder } from './training/shuffledOrder.js'
export {
  milestonesOf,
  type RoundOptions,
  type TrainingJob,
  type TrainingPlan,
  trainingNonce,
  trainingPlanId,
  workersOf,
} from './training/trainingPlan.js'
export { type AverageModel, TrainingState } from './training/trainingState.js'
export {
  blobRoot,
  chunkBytes,
  chunkCount,
  chunkHashes,
  dataTree,
} from './tree/blobRoot.js'
export {
  buildTree,
  leafHash,
  leafHashes,
  merkleRoot,
  type Tree,
} from './tree/hashTree.js'
export { multiproof } from './tree/multiproof.js'
export * from './tree/setTree.js'
export {
  nodeHash,
  rootFromMultiproof,
  verifyMultiproof,
} from './tree/verifyMultiproof.js'
export * from './types/addressBook.js'
export * from './types/arithmetic.js'
export * from './types/auction.js'
export * from './types/capabilitySet.js'
export * from './types/dispute.js'
export * from './types/fraudProof.js'
export * from './types/interval.js'
export * from './types/job.js'
export * from './types/manifest.js'
export * from './types/offer.js'
export * from './types/order.js'
export * from './types/role.js'
export * from './types/tensorType.js'
export * from './zk/checkCircuitFit.js'
export * from './zk/encodeProof.js'
export * from './zk/fieldElements.js'
export * from './zk/floatsOfNumbers.js'
export * from './zk/readCircuitSettings.js'
export * from './zk/readProof.js'
export * from './zk/zkShape.js'
