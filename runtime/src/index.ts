export { EpochKeeper } from './audits/epochKeeper.js'
export {
  BlobClient,
  type BlobClientOptions,
  type ProvenChunks,
  uploadBlobFile,
} from './blobs/blobClient.js'
export {
  type BlobProof,
  type BlobReader,
  BlobStore,
} from './blobs/blobStore.js'
export { DiskBudget, type DiskBudgetOptions } from './blobs/diskBudget.js'
export { documentRoot } from './blobs/documentRoot.js'
export { DocumentStore } from './blobs/documentStore.js'
export { LayeredBlobs } from './blobs/layeredBlobs.js'
export {
  type ChainEvent,
  ChainWatcher,
  type ChainWatcherOptions,
  type Head,
} from './chain/chainWatcher.js'
export {
  type DaemonConfig,
  type DaemonConfigInput,
  keySourceOf,
  loadConfig,
  parseConfig,
} from './config/parseConfig.js'
export { type ConfigSetting, readSettings } from './config/readSettings.js'
export {
  type AllowanceUse,
  allowanceUse,
  fewTerms,
} from './conformance/allowanceUse.js'
export {
  type BlockedCase,
  type BlockedReport,
  blockedTest,
} from './conformance/blockedTest.js'
export { additionsOf, type ProbedSum } from './conformance/probedSum.js'
export { ProfileAdmission } from './conformance/profileAdmission.js'

export {
  type SelfTestOptions,
  type SelfTestReport,
  selfTest,
} from './conformance/selfTest.js'
export { testedProfile } from './conformance/testedProfile.js'
export {
  type Daemon,
  type OpenDaemonOptions,
  openDaemon,
  type ProtocolEvent,
} from './daemon/openDaemon.js'
export { type RunFile, readRunFile } from './daemon/runFile.js'
export {
  type RunDaemonOptions,
  type RunningDaemon,
  runDaemon,
  runMain,
} from './daemon/runMain.js'
export { version } from './daemon/version.js'
export { codeOf } from './errors/codeOf.js'
export { errorText } from './errors/errorText.js'
export { nodeSha256 } from './hash/nodeSha256.js'
export { chunkAnswer, partChunks } from './jobs/chunkAnswer.js'
export { fetchInputs } from './jobs/fetchInputs.js'
export { nativeAgrees } from './jobs/nativeAgrees.js'
export { replaySegment, stateBefore } from './jobs/replaySegment.js'
export { type RunJobOptions, runJob } from './jobs/runJob.js'
export { runSegment, segmentBlobs } from './jobs/runSegment.js'
export { type RunStepOptions, runStep, traceStep } from './jobs/runStep.js'
export {
  inputBlobs,
  type StepInput,
  type StepResult,
  stepInputs,
} from './jobs/stepInputs.js'
export { witnessOf } from './jobs/witnessOf.js'
export { type AskPassword, askPassword } from './keys/askPassword.js'
export { type KeyLock, lockKey } from './keys/keyLock.js'
export {
  createKeystore,
  keystoreAddress,
  openKeystore,
} from './keys/keystore.js'
export {
  type KeySource,
  loadAccount,
  lockFileOf,
} from './keys/loadAccount.js'
export { readSecretFile } from './keys/readSecretFile.js'
export { createLogger } from './logs/createLogger.js'
export { createMetrics, type Metrics } from './metrics/metrics.js'
export { type LoadedModel, ModelLibrary } from './models/modelLibrary.js'
export { type ModelFile, openModelFile } from './models/openModelFile.js'
export {
  type CanonicaliseOptions,
  canonicalise,
} from './publish/canonicalise.js'
export {
  type Derivation,
  type DerivedModel,
  deriveValues,
} from './publish/deriveValues.js'
export { Relay } from './relay/relay.js'
export type { RelayEntry } from './relay/relayStore.js'
export { deviceMissing } from './runner/deviceMissing.js'
export {
  type ExecutionProvider,
  executionProviders,
} from './runner/executionProvider.js'
export {
  type ExecutionFingerprint,
  fingerprintOf,
} from './runner/fingerprint.js'

export type * from './runner/messages.js'
export {
  Runner,
  type RunnerExecution,
  type RunnerOptions,
} from './runner/runner.js'
export type { RunnerLimits } from './runner/runnerChild.js'
export {
  type DataServerOptions,
  type PeerLimits,
  startDataServer,
} from './server/dataServer.js'
export { type HttpServer, listen } from './server/listen.js'
export { writeDurably } from './store/durableFiles.js'
export {
  type Database,
  openDatabase,
  schemaVersion,
} from './store/openDatabase.js'
export { openExisting } from './store/openExisting.js'
export { decodeOrder, encodeOrder } from './store/orderJson.js'
export { runLoop } from './supervision/runLoop.js'
export {
  askOutbox,
  type OutboxEntry,
  readOutbox,
} from './transactions/askOutbox.js'
export { attempt } from './transactions/attempt.js'
export { bumpFees } from './transactions/bumpFees.js'
export { confirmationsFor } from './transactions/confirmationsFor.js'
export {
  highestFeeWei,
  type Intent,
  Outbox,
  type OutboxOptions,
} from './transactions/outbox.js'
export type { OutboxRequest } from './transactions/outboxTable.js'
export type { RevertReason } from './transactions/revertReason.js'
export { TransactionError } from './transactions/transactionError.js'
export {
  type CircuitFiles,
  fetchCircuit,
  stepTypes,
} from './zk/circuitFiles.js'
export {
  type CompileCircuitOptions,
  type CompiledCircuit,
  compileCircuit,
} from './zk/compileCircuit.js'
export { type CompiledVerifier, compileVerifier } from './zk/compileVerifier.js'
export {
  type EngineAnswer,
  type EngineTask,
  engineTask,
} from './zk/engineTask.js'
export { type ImportSrsOptions, importSrs } from './zk/importSrs.js'
export { insecureSrs } from './zk/insecureSrs.js'
export type { ProverLimits } from './zk/limitChild.js'
export { installEzkl, installedEzkl } from './zk/pythonEzkl.js'
export {
  defaultSrsFolder,
  SrsStore,
  type SrsStoreOptions,
} from './zk/srsStore.js'
export { type VerifiedDelivery, verifyDelivery } from './zk/verifyDelivery.js'
export { numbersOf, verifyProof } from './zk/verifyProof.js'
export {
  type ProvableCircuit,
  type ProvedOutputs,
  type Spent,
  ZkProver,
  type ZkProverOptions,
} from './zk/zkProver.js'
