import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** One case of the standard: a model, inputs, and the outputs that it expects. */
export type StandardCase = {
  /** Such as `node/test_add`. */
  name: string
  model: string
  /** Files of the inputs in graph order; absent where the standard makes them up. */
  inputs: readonly string[] | undefined
  /** Files of the expected outputs in graph order. */
  outputs: readonly string[]
}

const sets = ['node', 'simple', 'pytorch-operator', 'pytorch-converted']

/** Every case below the folder of the standard's test cases, with its first data set. */
export function listCases(data: string): StandardCase[] {
  const cases = sets
    .filter((set) => existsSync(join(data, set)))
    .flatMap((set) =>
      readdirSync(join(data, set))
        .sort()
        .flatMap((name): StandardCase[] => {
          const folder = join(data, set, name)
          const model = join(folder, 'model.onnx')
          if (!existsSync(model)) return []
          const files = join(folder, 'test_data_set_0')
          return [
            {
              name: `${set}/${name}`,
              model,
              inputs: numbered(files, 'input'),
              outputs: numbered(files, 'output'),
            },
          ]
        }),
    )
  const light = join(data, 'light')
  if (!existsSync(light)) return cases
  const models = readdirSync(light).filter((file) => file.endsWith('.onnx'))
  for (const file of models.sort())
    cases.push({
      name: `light/${file.slice(0, -'.onnx'.length)}`,
      model: join(light, file),
      inputs: undefined,
      outputs: [join(light, file.replace('.onnx', '_output_0.pb'))],
    })
  return cases
}

/** `input_0.pb`, `input_1.pb`... */
function numbered(folder: string, stem: string): string[] {
  const files: string[] = []
  for (;;) {
    const file = join(folder, `${stem}_${files.length}.pb`)
    if (!existsSync(file)) return files
    files.push(file)
  }
}
