import { BlobClient, type Daemon } from '@lynode/runtime'

/** Asks the provider's data server alone, and not for long. */
export function providerClient(
  daemon: Daemon,
  endpoint: string,
  windowSeconds: number,
): BlobClient {
  const { blobs, reader, documents } = daemon
  return new BlobClient({
    blobs,
    reader,
    documents,
    sources: () => [endpoint],
    timeoutMs: Math.max(2_000, windowSeconds * 100),
  })
}
