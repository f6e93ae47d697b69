import { join } from 'node:path'
import { BlobClient, BlobStore, DocumentStore } from '@lynode/runtime'
import type { Network } from '../network/networkFile.js'

/** What a requester reads and writes bytes through. */
export type DataAccess = {
  /** Checks all that it reads against its root. */
  client: BlobClient
  blobs: BlobStore
  /** Where uploads go. */
  server: string
}

/** Opens the data servers of a network, with a cache in its folder. */
export function openData(
  network: Pick<Network, 'dataServers' | 'folder'>,
): DataAccess {
  const folder = join(network.folder, 'cache')
  const blobs = new BlobStore(join(folder, 'blobs'))
  const documents = new DocumentStore(join(folder, 'documents'))
  return {
    blobs,
    server: network.dataServers[0] ?? '',
    client: new BlobClient({
      blobs,
      documents,
      sources: () => network.dataServers,
    }),
  }
}
