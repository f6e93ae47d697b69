import {
  getJob,
  type Hex,
  type JobStatus,
  type LynodeReader,
} from '@lynode/sdk'
import { expect } from 'vitest'

/** Waits until a job has a status; fails after `timeout` milliseconds. */
export async function untilStatus(
  client: LynodeReader,
  jobId: Hex,
  status: JobStatus,
  timeout: number,
): Promise<void> {
  await expect
    .poll(async () => (await getJob(client, { jobId })).status, {
      timeout,
      interval: 100,
    })
    .toBe(status)
}
