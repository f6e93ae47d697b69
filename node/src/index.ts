export type { SkippedJob } from './jobTable.js'
export { readSkippedJobs } from './readSkippedJobs.js'
export { type StartProviderOptions, startProvider } from './startProvider.js'
