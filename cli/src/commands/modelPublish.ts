import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { canonicalise, deriveValues, nodeSha256 } from '@lynode/runtime'
import { readManifest } from '@lynode/sdk'
import { openData } from '../job/openData.js'
import { publishModel } from '../job/publishModel.js'
import { connect } from '../network/connect.js'
import { parseConstants } from '../options/parseConstants.js'
import { parseShapes } from '../options/parseShapes.js'
import { readInput } from '../options/readInput.js'
import { log, printResult } from '../output/output.js'

/** `lynode model publish FILE`: makes a model orderable. */
export function modelPublishCommand() {
  return new Command('publish')
    .description('canonicalise a model, upload it and register it on chain')
    .argument('<file>', 'an ONNX model')
    .option('--shape <name=dims...>', 'fix the shape of an input: x=1,3,48,320')
    .option(
      '--constant <name=values...>',
      'make an input part of the model: sr=16000',
    )
    .addOption(
      new Option(
        '--derive <values>',
        'intermediates that are not committed: those that the runtime fuses, or all that can be',
      )
        .choices(['none', 'fused', 'all'] as const)
        .default('none' as const),
    )
    .option('--out <file>', 'where the canonical file goes')
    .option('--json', 'print one JSON document')
    .action(async (file, options) => {
      const source = readInput(file)
      const shapes = parseShapes(options.shape)
      const constants = parseConstants(options.constant)
      const { client, network } = await connect()
      log('canonicalise the model')
      const plain = await canonicalise(source, { shapes, constants })
      // A model that declares nothing needs no search, and is what it was.
      const { file: searched, ...native } =
        options.derive === 'none'
          ? { file: plain, derived: [] }
          : await deriveValues(plain, { derivation: options.derive })
      const canonical = new Uint8Array(searched)
      const manifest = readManifest(canonical, nodeSha256)
      log(`upload ${canonical.length} bytes and register`)
      const { registered } = await publishModel(
        client,
        openData(network).server,
        canonical,
        manifest,
      )
      const path = resolve(
        options.out ?? file.replace(/(\.onnx)?$/, '.lynode.onnx'),
      )
      writeFileSync(path, canonical)
      printResult(
        {
          modelId: manifest.modelId,
          class: manifest.class,
          file: path,
          registered,
          values: manifest.header.values,
          nodes: manifest.header.nodes,
          activations: manifest.header.activations,
          ...native,
        },
        options,
        (result) =>
          `${result.registered ? 'Published' : 'Already registered'} as class ${result.class}: ${result.modelId}\nCanonical file: ${result.file}`,
      )
    })
}
