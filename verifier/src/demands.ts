import { setTimeout as sleep } from 'node:timers/promises'
import { type Daemon, nodeSha256, TransactionError } from '@lynode/runtime'
import {
  type DemandRequest,
  demand,
  demandKinds,
  demandsAbi,
  expireDemand,
  getDemand,
  getExecution,
  type Hex,
  type Manifest,
  type Order,
  proveEntry,
} from '@lynode/sdk'
import type { CheckTable } from './checkTable.js'
import { ExecutionOver, NotShown } from './outcome.js'

/** Most chunks of one demand (A4). */
const maxChunks = 32

export type DemandsOptions = {
  daemon: Daemon
  table: CheckTable
  execId: Hex
  order: Order
  manifest: Manifest
  /** Only takes what others have demanded. */
  look: boolean
}

/**
 * Asks the provider of one execution on chain and waits for the answers. Silence
 * convicts: when a deadline passes, the demand is expired (A2).
 */
export class Demands {
  readonly #options: DemandsOptions
  /** Set as soon as one demand has ended the execution for all of them. */
  #over: ExecutionOver | undefined
  /** An expiry of ours may be on its way. */
  #expiring = false

  constructor(options: DemandsOptions) {
    this.#options = options
  }

  /**
   * The tensor roots of a step's trace, by trace index.
   *
   * @throws ExecutionOver when the provider stays silent, or somebody else ended
   * the execution.
   */
  async trace(step: number): Promise<Hex[]> {
    const { table, execId, daemon } = this.#options
    const posted = table.traceOf(execId, step)
    if (posted !== undefined) return posted
    await this.#ask({
      kind: demandKinds.trace,
      step,
      value: 0,
      chunk: 0,
      count: 0,
    })
    return until(daemon, () => table.traceOf(execId, step))
  }

  /**
   * What each step of a segment carried, as the answer to its step demand says.
   *
   * @param step First of the segment.
   * @throws ExecutionOver when the demand goes unanswered or another move ended
   * the execution.
   */
  async states(step: number): Promise<Hex[]> {
    const { table, execId, daemon } = this.#options
    const posted = table.statesOf(execId, step)
    if (posted !== undefined) return posted
    await this.#ask({
      kind: demandKinds.step,
      step,
      value: 0,
      chunk: 0,
      count: 0,
    })
    return until(daemon, () => table.statesOf(execId, step))
  }

  /** Chunks `first` .. `first + count - 1` of a value, with its data root. */
  async chunks(
    step: number,
    value: number,
    first: number,
    count: number,
  ): Promise<{ dataRoot: Hex; data: Uint8Array }> {
    const { table, execId, daemon } = this.#options
    const opened = () => table.chunksAt(execId, step, value, first, count)
    await this.#ask(
      { kind: demandKinds.chunk, step, value, chunk: first, count },
      () => opened() !== undefined,
    )
    const { dataRoot, data } = await until(daemon, opened)
    return { dataRoot, data: new Uint8Array(Buffer.from(data.slice(2), 'hex')) }
  }

  /**
   * The positions of its row that decide an element, as the provider names them (A8).
   *
   * @param element Logical index.
   * @throws ExecutionOver when the demand goes unanswered or another move ended
   * the execution.
   */
  async witness(
    step: number,
    value: number,
    element: number,
  ): Promise<number[]> {
    const { table, execId, daemon } = this.#options
    const named = () => table.witnessOf(execId, step, value, element)
    await this.#ask(
      { kind: demandKinds.witness, step, value, chunk: element, count: 0 },
      () => named() !== undefined,
    )
    return until(daemon, named)
  }

  /** A whole boundary tensor, which the provider opens over several transactions (A7). */
  async tensor(
    step: number,
    value: number,
    chunks: number,
  ): Promise<Uint8Array> {
    const { table, execId, daemon } = this.#options
    const opened = () => table.chunksAt(execId, step, value, 0, chunks)
    await this.#ask(
      { kind: demandKinds.tensor, step, value, chunk: 0, count: chunks },
      () => opened() !== undefined,
    )
    const { data } = await until(daemon, opened)
    return new Uint8Array(Buffer.from(data.slice(2), 'hex'))
  }

  /** A whole value: one demand if it is a boundary, else 32 chunks a demand, the last resort. */
  async value(
    step: number,
    value: number,
    chunks: number,
  ): Promise<Uint8Array> {
    if (this.#options.manifest.values[value]?.boundary === true)
      return this.tensor(step, value, chunks)
    const parts: Promise<{ data: Uint8Array }>[] = []
    for (let first = 0; first < chunks; first += maxChunks)
      parts.push(
        this.chunks(step, value, first, Math.min(maxChunks, chunks - first)),
      )
    const settled = await Promise.allSettled(parts)
    for (const part of settled)
      if (part.status === 'rejected') throw part.reason
    return new Uint8Array(
      Buffer.concat(
        settled.flatMap((part) =>
          part.status === 'fulfilled' ? [part.value.data] : [],
        ),
      ),
    )
  }

  /**
   * Makes a demand unless somebody has, and waits until it is answered, or until
   * answers to others have shown the same: then the contract refuses it.
   */
  async #ask(
    request: DemandRequest,
    shown: () => boolean = () => false,
  ): Promise<void> {
    const { daemon, execId } = this.#options
    const { client, contracts } = daemon
    const demandId = await client.readContract({
      address: contracts.demands,
      abi: demandsAbi,
      functionName: 'demandIdOf',
      args: [execId, request],
    })
    for (;;) {
      if (this.#over !== undefined) throw this.#over
      if (shown()) return
      const { status, deadline } = await getDemand(client, { demandId })
      if (status === 'answered') return
      if (this.#options.look)
        throw new NotShown(`step ${request.step}, value ${request.value}`)
      // A demand stays open when another one convicts.
      await this.#requireOpen()
      if (status === 'none') await this.#send(demandId, request)
      else if (daemon.now() >= deadline) await this.#expire(demandId)
      await pause(daemon)
    }
  }

  async #send(demandId: Hex, request: DemandRequest): Promise<void> {
    const { daemon, execId, order, manifest, table } = this.#options
    const ofValue: number[] = [
      demandKinds.chunk,
      demandKinds.tensor,
      demandKinds.witness,
    ]
    const { entry, entryProof } = ofValue.includes(request.kind)
      ? proveEntry(manifest, request.value, nodeSha256)
      : { entry: undefined, entryProof: undefined }
    try {
      await daemon.outbox.send({
        key: `demand:${demandId}`,
        kind: 'demand',
        ...demand.transaction(daemon.contracts, {
          order,
          model: manifest.header,
          request,
          entry,
          entryProof,
        }),
      })
      table.addOwnDemand(demandId, execId)
      daemon.logger.info(
        { event: 'demand.made', execId, demandId, request },
        'demand made',
      )
    } catch (error) {
      // Too many are open: the loop asks again when one has been answered.
      if (!refused(error, 'Disputes_TooManyOpen', 'Disputes_DemandExists'))
        throw error
    }
  }

  async #expire(demandId: Hex): Promise<void> {
    const { daemon, order, execId } = this.#options
    this.#expiring = true
    try {
      await daemon.outbox.send({
        key: `expire:${demandId}`,
        kind: 'expireDemand',
        ...expireDemand.transaction(daemon.contracts, { order, demandId }),
      })
    } catch (error) {
      // Answered, expired by another, or the sequencer was down: look again.
      this.#expiring = false
      if (error instanceof TransactionError && error.reason !== undefined)
        return
      throw error
    }
    daemon.logger.info(
      { event: 'demand.expired', execId, demandId },
      'demand expired: the provider is convicted',
    )
    this.#over = new ExecutionOver('withheld')
    throw this.#over
  }

  async #requireOpen(): Promise<void> {
    const { client } = this.#options.daemon
    const { outcome } = await getExecution(client, {
      execId: this.#options.execId,
    })
    if (outcome === 'open') return
    throw (
      this.#over ?? new ExecutionOver(this.#expiring ? 'withheld' : 'closed')
    )
  }
}

/** Whether the contract refused for one of these reasons. */
export function refused(error: unknown, ...names: string[]): boolean {
  return (
    error instanceof TransactionError &&
    error.reason !== undefined &&
    names.includes(error.reason.name)
  )
}

/** Waits for something that the watcher delivers. */
async function until<T>(daemon: Daemon, look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await pause(daemon)
  }
}

/** One look at the chain further. @throws when the daemon stops. */
export async function pause(daemon: Daemon): Promise<void> {
  await sleep(daemon.config.pollMs, undefined, { signal: daemon.signal })
}
