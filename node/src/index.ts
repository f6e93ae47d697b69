export type { SkippedJob } from './jobTable.js'
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
