export { buildDataset } from '../dataset/buildDataset.js'
export { deployProtocol } from '../devnet/deployProtocol.js'
export { type DevnetRole, devnetAccounts } from '../devnet/devnetAccounts.js'
export { drawSeeds } from '../devnet/drawSeeds.js'
export { enrolProvider } from '../devnet/enrolProvider.js'
export { startChain } from '../devnet/startChain.js'
export type { DaemonProcess } from '../devnet/startDaemon.js'
export { buildStep, Devnet, type DevnetOptions } from '../devnet/startDevnet.js'
export {
  type IndexerProcess,
  startIndexer,
} from '../devnet/startIndexer.js'
export {
  type Oracle,
  type StartOracleOptions,
  startOracle,
} from '../devnet/startOracle.js'
export { workspaceRoot } from '../devnet/workspaceRoot.js'
export { readGatewayConfig } from '../gateway/gatewayConfig.js'
export { createGatewayMetrics } from '../gateway/gatewayMetrics.js'
export { type Gateway, startGateway } from '../gateway/startGateway.js'
export { type DataAccess, openData } from '../job/openData.js'
export { publishCircuit } from '../job/publishCircuit.js'
export { publishModel } from '../job/publishModel.js'
export { zkSamples } from '../job/zkSamples.js'
export { findNetwork } from '../network/networkFile.js'
export { describeError } from '../output/describeError.js'
export { runSteps, type Step } from '../output/runSteps.js'
export { toJson } from '../output/toJson.js'
export { parsePlan } from '../train/planFile.js'
export {
  describeProgress,
  runTraining,
  type TrainingOutcome,
  type TrainingProgress,
} from '../train/runTraining.js'
