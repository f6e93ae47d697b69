import { Listr, type ListrTask, PRESET_TIMER } from 'listr2'

/** Something that takes a while and says what it is doing. */
export type Step = {
  title: string
  /** @returns What to show instead of the title when it is done. */
  run: (report: (line: string) => void) => Promise<string | undefined>
}

export type RunStepsOptions = {
  /** Run them at the same time. */
  concurrent?: boolean | undefined
  /** A terminal gets live tasks, anything else plain lines. */
  stream?: NodeJS.WriteStream | undefined
}

/**
 * Runs steps with visible progress: live tasks on a terminal, one plain line
 * for each event in a pipe. The first failure ends it.
 */
export async function runSteps(
  steps: readonly Step[],
  { concurrent = false, stream = process.stderr }: RunStepsOptions = {},
): Promise<void> {
  if (stream.isTTY) return runLive(steps, concurrent)
  if (concurrent) {
    await Promise.all(steps.map((step) => runPlain(step, stream)))
    return
  }
  for (const step of steps) await runPlain(step, stream)
}

async function runLive(
  steps: readonly Step[],
  concurrent: boolean,
): Promise<void> {
  const tasks: ListrTask[] = steps.map((step) => ({
    title: step.title,
    rendererOptions: {
      persistentOutput: true,
      outputBar: Number.POSITIVE_INFINITY,
    },
    task: async (_, task) => {
      task.title =
        (await step.run((line) => {
          task.output = line
        })) ?? step.title
    },
  }))
  await new Listr(tasks, {
    concurrent,
    renderer: 'default',
    rendererOptions: {
      collapseErrors: false,
      timer: PRESET_TIMER,
    },
  }).run()
}

async function runPlain(step: Step, stream: NodeJS.WriteStream): Promise<void> {
  const start = performance.now()
  const write = (text: string) => stream.write(`${text}\n`)
  write(`> ${step.title}`)
  const done = await step.run((line) => write(`  ${step.title}: ${line}`))
  write(`+ ${done ?? step.title} (${seconds(performance.now() - start)})`)
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
