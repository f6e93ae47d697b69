import { Command } from '@commander-js/extra-typings'
import { checkModel } from '@lynode/sdk'
import { parseConstants } from '../options/parseConstants.js'
import { parseShapes } from '../options/parseShapes.js'
import { readInput } from '../options/readInput.js'
import { printResult } from '../output/output.js'

/** `lynode model check FILE`: whether and as what a model can be published. */
export function modelCheckCommand() {
  return new Command('check')
    .description('say in which class a model can be published, or why not')
    .argument('<file>', 'an ONNX model')
    .option('--shape <name=dims...>', 'fix the shape of an input: x=1,3,48,320')
    .option(
      '--constant <name=values...>',
      'make an input part of the model: sr=16000',
    )
    .option('--json', 'print one JSON document')
    .action((file, options) => {
      const report = checkModel(readInput(file), {
        shapes: parseShapes(options.shape),
        constants: parseConstants(options.constant),
      })
      printResult(report, options, (report) =>
        [
          report.class === null
            ? 'This model cannot be published:'
            : `Class ${report.class}.`,
          ...report.refusals.map(
            ({ operator, reason, remedy }) =>
              `  ${operator}: ${reason}\n    ${remedy}`,
          ),
          `Memory ${megabytes(report.memoryBytes)} MB, ${(report.flops / 1e6).toFixed(1)} million operations a step.`,
          'Operators, and the dearest proof of one element:',
          ...report.operators.map(({ operator, count, rule, proof }) =>
            [
              `  ${operator} (${count}): ${rule}`,
              ...(proof === undefined
                ? []
                : [`${proof.bytes} bytes, ${proof.gas} gas`]),
            ].join(', '),
          ),
        ].join('\n'),
      )
    })
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
