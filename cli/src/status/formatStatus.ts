import { formatAmount } from '@lynode/sdk'
import pc from 'picocolors'
import { formatEther } from 'viem'
import { formatTime } from '../output/formatTime.js'
import type { Status } from './readStatus.js'

const shown = 10

/** One screen about a daemon, warnings first. */
export function formatStatus(status: Status): string {
  const { daemon, chain, wallet, jobs, checks, audits, role } = status
  const provider = wallet?.provider
  const lines = [
    ...status.warnings.map((warning) => pc.yellow(`! ${warning}`)),
    daemon === undefined
      ? `${role}  not running`
      : `${role}  ${daemon.draining ? 'draining' : daemon.ready ? 'ready' : 'not ready'}, process ${daemon.pid} of version ${daemon.version} since ${formatTime(daemon.since)}, ${daemon.endpoint}`,
    chain === undefined
      ? 'chain     does not answer'
      : `chain     ${chain.id}, block ${chain.block}, ${chain.ageSeconds} s old`,
    `account   ${status.account ?? 'unknown'}`,
    ...(wallet === undefined
      ? []
      : [
          `gas       ${formatEther(BigInt(wallet.balanceWei))}${wallet.runwaySeconds === undefined ? '' : `, for ${Math.round(wallet.runwaySeconds / 3_600)} h at this pace`}`,
        ]),
    ...(provider === undefined
      ? []
      : [
          `stake     ${lyn(provider.stakeWei)}, ${lyn(provider.delegatedWei)} delegated; ${lyn(provider.reservedWei)} of ${lyn(provider.capacityWei)} reserved`,
        ]),
    ...(jobs === undefined ? [] : [`jobs      ${counts(jobs)}`]),
    ...(checks === undefined ? [] : [`checks    ${counts(checks)}`]),
    ...(audits === undefined ? [] : [`audits    ${counts(audits)}`]),
    ...(status.demands === undefined
      ? []
      : [`demands   ${status.demands} with a bond that is out`]),
    ...status.obligations
      .slice(0, shown)
      .map(
        ({ jobId, what, until }) =>
          `  ${what.padEnd(8)}${jobId}  ${until === undefined ? 'deadline unknown' : `until ${formatTime(until)}`}`,
      ),
    ...more(status.obligations.length),
    ...status.transactions
      .slice(0, shown)
      .map(
        ({ kind, nonce, hash, sentAt }) =>
          `  sent    ${kind}, nonce ${nonce}, ${formatTime(sentAt)}${hash === undefined ? '' : `  ${hash}`}`,
      ),
    ...more(status.transactions.length),
  ]
  return lines.join('\n')
}

function more(count: number): string[] {
  return count > shown ? [`  and ${count - shown} more`] : []
}

function counts(of: Record<string, number>): string {
  const entries = Object.entries(of)
  return entries.length === 0
    ? 'none'
    : entries.map(([name, count]) => `${count} ${name}`).join(', ')
}

function lyn(wei: string): string {
  return formatAmount(BigInt(wei))
}
