export {
  BlobClient,
  type BlobClientOptions,
  type ProvenChunks,
  uploadBlob,
} from './blobs/blobClient.js'
export {
  type BlobProof,
  type BlobReader,
  BlobStore,
} from './blobs/blobStore.js'
export { documentRoot } from './blobs/documentRoot.js'
export { DocumentStore } from './blobs/documentStore.js'
export { LayeredBlobs } from './blobs/layeredBlobs.js'
export { errorText } from './errors/errorText.js'
export { RuntimeError } from './errors/runtimeError.js'
export { nodeSha256 } from './hash/nodeSha256.js'
export type * from './runner/messages.js'
export {
  Runner,
  type RunnerExecution,
  type RunnerOptions,
} from './runner/runner.js'
export {
  type DataServer,
  type DataServerOptions,
  startDataServer,
} from './server/dataServer.js'
