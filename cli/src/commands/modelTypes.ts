import { writeFileSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { nodeSha256 } from '@lynode/runtime'
import { modelInterface } from '@lynode/sdk'
import { z } from 'zod'
import { fetchModel } from '../job/fetchModel.js'
import { openData } from '../job/openData.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'

const side = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    dims: z.array(z.int()).readonly(),
    index: z.int(),
    entry: hex,
  }),
)
const modelTypesDocument = document(
  'model types',
  1,
  z.object({
    model: z.object({
      modelId: hex,
      inputs: side,
      outputs: side,
      proof: z.array(hex).readonly(),
    }),
    file: z.string().nullable(),
  }),
)

/** `lynode model types MODEL_ID`: the interface of a model as TypeScript. */
export function modelTypesCommand() {
  return new Command('types')
    .description('write the inputs and outputs of a model as TypeScript')
    .argument('<model-id>', 'id of a published model')
    .option('--out <file>', 'where it goes; standard output by default')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Example:
  lynode model types 0x5e... --out digits.ts`,
    )
    .action(async (id, options) => {
      const modelId = parseId(id, 'model')
      const { client, network } = await connect()
      const data = openData(network)
      const { manifest } = await fetchModel(client, data, modelId)
      const model = modelInterface(manifest, nodeSha256)
      const source = [
        "import type { ModelInterface } from '@lynode/sdk'",
        '',
        `export const model = ${JSON.stringify(model, null, 2)} as const satisfies ModelInterface`,
        '',
      ].join('\n')
      if (options.out !== undefined) writeFileSync(options.out, source)
      printResult(
        modelTypesDocument,
        { model, file: options.out ?? null },
        options,
        ({ file }) => (file === null ? source.trimEnd() : `Written to ${file}`),
      )
    })
}
