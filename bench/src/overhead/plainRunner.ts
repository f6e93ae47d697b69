import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** An input of int64 or float32 numbers. */
export type PlainInput = {
  name: string
  integers: boolean
  dims: readonly number[]
  bytes: Uint8Array
}

/** Plain ONNX Runtime in a child process. */
export class PlainRunner {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Starts it and waits until the model is loaded. */
  static async start(path: string): Promise<PlainRunner> {
    const child = fork(
      fileURLToPath(new URL('./plainProcess.js', import.meta.url)),
      [path],
      { serialization: 'advanced' },
    )
    await once(child, 'message')
    return new PlainRunner(child)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Milliseconds of one run. */
  async run(inputs: readonly PlainInput[]): Promise<number> {
    const answer = once(this.#child, 'message')
    this.#child.send(inputs)
    const [milliseconds] = await answer
    return Number(milliseconds)
  }

  close(): void {
    this.#child.kill()
  }
}
