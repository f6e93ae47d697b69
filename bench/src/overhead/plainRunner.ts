import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Plain ONNX Runtime in a child process. */
export class PlainRunner {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Starts it and waits until the model is loaded. */
  static async start(
    path: string,
    dims: readonly number[],
  ): Promise<PlainRunner> {
    const child = fork(
      fileURLToPath(new URL('./plainProcess.js', import.meta.url)),
      [path, JSON.stringify(dims)],
      { serialization: 'advanced' },
    )
    await once(child, 'message')
    return new PlainRunner(child)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Milliseconds of one run. */
  async run(input: Uint8Array): Promise<number> {
    const answer = once(this.#child, 'message')
    this.#child.send(input)
    const [milliseconds] = await answer
    return Number(milliseconds)
  }

  close(): void {
    this.#child.kill()
  }
}
