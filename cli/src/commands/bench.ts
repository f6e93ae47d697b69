import { Command } from '@commander-js/extra-typings'
import { z } from 'zod'
import { cpuClass } from '../init/cpuClass.js'
import { measureMachine } from '../init/measureMachine.js'
import { document } from '../output/document.js'
import { log, printResult } from '../output/output.js'

const benchDocument = document(
  'bench',
  1,
  z.object({
    processor: z.string(),
    cores: z.int(),
    memoryBytes: z.number(),
    /** Operations of a second in matrix products, as models run. */
    flops: z.number(),
    conformance: z.object({
      passed: z.boolean(),
      /** Nodes of reference models whose elements were judged. */
      judged: z.int(),
      faults: z.array(z.string()),
      seconds: z.number(),
    }),
  }),
)

/** `lynode bench`: what this machine is, and whether it may sell. */
export function benchCommand() {
  return new Command('bench')
    .description(
      'measure this machine and judge its kernels, without a network',
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExit status 1 where the self-test fails: such a machine must not sell.\nA model of yours: lynode model estimate FILE.\n\nExamples:\n  lynode bench\n  lynode bench --json',
    )
    .action(async (options) => {
      log('Measuring this machine')
      const start = performance.now()
      const { machine, conformance } = await measureMachine()
      const { passed, judged, faults } = conformance
      if (!passed) process.exitCode = 1
      printResult(
        benchDocument,
        {
          processor: cpuClass().text,
          ...machine,
          conformance: {
            passed,
            judged,
            faults: [...faults],
            seconds: (performance.now() - start) / 1_000,
          },
        },
        options,
        (result) =>
          [
            `${result.processor}, ${result.cores} cores, ${(result.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
            `${(result.flops / 1e9).toFixed(1)} GFLOPS in matrix products`,
            result.conformance.passed
              ? `Self-test passed: ${result.conformance.judged} nodes of reference models lie inside their bounds.`
              : `Self-test FAILED (LY-CHK-003): ${result.conformance.faults.join('; ')}`,
          ].join('\n'),
      )
    })
}
