import { Command, Option } from '@commander-js/extra-typings'
import { checkModel, type ProfileName, type Refusal } from '@lynode/sdk'
import { z } from 'zod'
import { parseConstants } from '../options/parseConstants.js'
import { parseShapes } from '../options/parseShapes.js'
import { profileNames } from '../options/profileNames.js'
import { readModel } from '../options/readModel.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const modelCheckDocument = document(
  'model check',
  1,
  z.object({
    class: z.enum(['exact', 'float', 'zk']).nullable(),
    operators: z.array(
      z.object({
        operator: z.string(),
        count: z.int(),
        covered: z.boolean(),
        rule: z.string(),
        proof: z.object({ bytes: z.number(), gas: z.number() }).optional(),
      }),
    ),
    refusals: z.array(
      z.object({
        operator: z.string(),
        node: z.string().optional(),
        reason: z.string(),
        remedy: z.string(),
      }),
    ),
    memoryBytes: z.number(),
    flops: z.number(),
    products: z.object({ count: z.int(), blocked: z.int() }),
    shapes: z.record(
      z.string(),
      z.object({ dtype: z.int(), dims: z.array(z.int()).readonly() }),
    ),
  }),
)

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
    .addOption(
      new Option('--profile <profile>', 'say how much a numeric profile judges')
        .choices(profileNames)
        .default('f32-plain' as const),
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  lynode model check line.onnx --shape x=1,3,48,320
  lynode model check vad.onnx --constant sr=16000
  lynode model check encoder.onnx --profile f32-blocked
  lynode model check encoder.onnx --profile f32-wgsl`,
    )
    .action((file, options) => {
      const report = checkModel(readModel(file), {
        shapes: parseShapes(options.shape),
        constants: parseConstants(options.constant),
      })
      printResult(modelCheckDocument, report, options, (report) =>
        [
          report.class === null
            ? 'This model cannot be published:'
            : `Class ${report.class}.`,
          ...refusalLines(report.refusals),
          `Memory ${megabytes(report.memoryBytes)} MB, ${(report.flops / 1e6).toFixed(1)} million operations a step.`,
          ...profileLines(options.profile, report.products),
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

/** Each reason once, with the nodes that it is said of. */
function refusalLines(refusals: readonly Refusal[]): string[] {
  const groups = new Map<string, Refusal[]>()
  for (const refusal of refusals) {
    const key = `${refusal.operator}: ${refusal.reason}\n    ${refusal.remedy}`
    groups.set(key, [...(groups.get(key) ?? []), refusal])
  }
  return [...groups.values()].map((group) => {
    const [{ operator, reason, remedy }] = group as [Refusal]
    const names = group
      .slice(0, namedNodes)
      .flatMap(({ node }) => (node === undefined ? [] : [JSON.stringify(node)]))
    const count = group.length > 1 ? `${group.length} nodes: ` : ''
    const more = group.length > namedNodes ? ', ...' : ''
    const where =
      names.length > 0 ? ` (${count}${names.join(', ')}${more})` : ''
    return `  ${operator}${where}: ${reason}\n    ${remedy}`
  })
}

/** So many nodes of one reason are named. */
const namedNodes = 3

/** What a profile other than the plain one means for the model. */
function profileLines(
  profile: ProfileName,
  products: { count: number; blocked: number },
): string[] {
  switch (profile) {
    case 'f32-plain':
      return []
    case 'f32-blocked':
      return [
        `Profile f32-blocked judges ${products.blocked} of ${products.count} sums of products in blocks: those by a matrix of weights.`,
      ]
    case 'f32-wgsl':
      return [
        'Profile f32-wgsl lets every float be where WebGPU may put it: at least twice as far off as f32-plain, and much further in some functions. Processors serve it too.',
      ]
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
