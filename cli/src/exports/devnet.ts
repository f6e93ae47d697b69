export { buildDataset } from '../dataset/buildDataset.js'
export { deployProtocol } from '../devnet/deployProtocol.js'
export { type DevnetRole, devnetAccounts } from '../devnet/devnetAccounts.js'
export { enrolProvider } from '../devnet/enrolProvider.js'
export { startChain } from '../devnet/startChain.js'
export type { DaemonProcess } from '../devnet/startDaemon.js'
export { buildStep, Devnet, type DevnetOptions } from '../devnet/startDevnet.js'
export {
  type IndexerProcess,
  startIndexer,
} from '../devnet/startIndexer.js'
export { workspaceRoot } from '../devnet/workspaceRoot.js'
export { awaitJob } from '../job/awaitJob.js'
export { bindInputs } from '../job/bindInputs.js'
export { fetchOutputs } from '../job/fetchOutputs.js'
export { makeOrder } from '../job/makeOrder.js'
export { type DataAccess, openData } from '../job/openData.js'
export { publishCircuit } from '../job/publishCircuit.js'
export { publishModel } from '../job/publishModel.js'
export { uploadInputs } from '../job/uploadInputs.js'
export { zkSamples } from '../job/zkSamples.js'
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
