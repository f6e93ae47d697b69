import { readFileSync, statSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { parseNpy } from '@lynode/sdk'
import { z } from 'zod'
import { buildDataset } from '../dataset/buildDataset.js'
import { unusableDataset } from '../dataset/dataset.js'
import { readCsv, type Table } from '../dataset/readCsv.js'
import { readImages } from '../dataset/readImages.js'
import { parseInputs } from '../options/parseInputs.js'
import { readInput } from '../options/readInput.js'
import { document } from '../output/document.js'
import { printResult } from '../output/output.js'

const datasetBuildDocument = document(
  'dataset build',
  1,
  z.object({
    folder: z.string(),
    samples: z.int(),
    shards: z.int(),
    left: z.int(),
  }),
)

/** `lynode dataset build`: makes what `lynode train` reads. */
export function datasetBuildCommand() {
  return new Command('build')
    .description('make a dataset from .npy files, a CSV file or image folders')
    .argument('[source]', 'a .csv file, or a folder with a folder a class')
    .option('--array <name=@file...>', 'an array from a .npy file: x=@x.npy')
    .option('--label <column>', 'column of the label in a CSV file')
    .option('--grey', 'one channel instead of three for images')
    .option('--shards <count>', 'parts of one size, one a milestone', '1')
    .option('--out <folder>', 'where the dataset goes', 'dataset')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  lynode dataset build --array x=@x.npy --array y=@y.npy
  lynode dataset build iris.csv --label species --shards 3
  lynode dataset build photos/ --grey --out photos-data`,
    )
    .action((source, options) => {
      const { arrays, classes } = read(source, options)
      const built = buildDataset({
        arrays,
        classes,
        shards: Number(options.shards),
        out: options.out,
      })
      printResult(
        datasetBuildDocument,
        built,
        options,
        ({ folder, samples, shards, left }) =>
          `${folder}: ${shards} shard(s) of ${samples} samples${left > 0 ? `, ${left} left out` : ''}`,
      )
    })
}

function read(
  source: string | undefined,
  options: {
    array?: string[] | undefined
    label?: string | undefined
    grey?: true | undefined
  },
): Table {
  if (source === undefined) {
    const named = [...parseInputs(options.array ?? [])]
    return {
      classes: [],
      arrays: new Map(
        named.map(([name, path]) => [name, parseNpy(readInput(path))]),
      ),
    }
  }
  const found = statSync(source, { throwIfNoEntry: false })
  if (found === undefined) throw unusableDataset(`there is no ${source}`)
  return found.isDirectory()
    ? readImages(source, options.grey)
    : readCsv(readFileSync(source, 'utf8'), options.label)
}
