export { measureFlops } from './benchmark.js'
export { type JobState, JobTable, type SkippedJob } from './jobTable.js'
export { ModelTests } from './modelTests.js'
export type { Obligation } from './obligations.js'
export { performJob } from './performJob.js'
export { type ProviderState, readProviderState } from './readProviderState.js'
export { readSkippedJobs } from './readSkippedJobs.js'
export {
  type RunOnWorkersOptions,
  runOnWorkers,
} from './scaleout/runOnWorkers.js'
export {
  type RunningWorker,
  startWorker,
  type WorkerOptions,
} from './scaleout/startWorker.js'
export { WorkQueue, type WorkQueueOptions } from './scaleout/workQueue.js'
export { type StartProviderOptions, startProvider } from './startProvider.js'
