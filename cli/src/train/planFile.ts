import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { LynodeError, parseAmount } from '@lynode/sdk'
import { parse } from 'smol-toml'
import { z } from 'zod'

const loss = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('softmaxCrossEntropy'),
    logits: z.string(),
    labels: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('meanSquaredError'),
    output: z.string(),
    target: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('binaryCrossEntropy'),
    logits: z.string(),
    target: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('output'), output: z.string() }),
])

const optimiser = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: z.number().optional(),
    weightDecay: z.number().optional(),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: z.number().optional(),
    beta2: z.number().optional(),
    epsilon: z.number().optional(),
    weightDecay: z.number().optional(),
    decoupled: z.boolean().optional(),
  }),
])

const schema = z.strictObject({
  /** The forward model, an ONNX file. */
  graph: z.string(),
  /** Folder of the record, checkpoints and scalars. */
  out: z.string().default('training'),
  loss,
  optimiser,
  schedule: z.strictObject({
    rate: z.number(),
    steps: z.int(),
    warmUp: z.int().optional(),
    decay: z.enum(['constant', 'cosine']).optional(),
    least: z.number().optional(),
  }),
  clip: z.number().optional(),
  trainable: z.array(z.string()).optional(),
  data: z.strictObject({
    /** A dataset that `lynode dataset build` made. */
    folder: z.string(),
    batch: z.int().min(1),
    seed: z.int().default(1),
    /** Input of the model, or label, by array: default arrays of the same names. */
    arrays: z.record(z.string(), z.string()).default({}),
    /** What bytes of an input are multiplied by. */
    scale: z.number().default(1 / 255),
  }),
  /** Steps of a checkpoint. */
  segment: z.int().min(1).max(128).optional(),
  milestone: z
    .strictObject({ segments: z.int().min(1).default(1) })
    .default({ segments: 1 }),
  /** Several workers a milestone, whose results are averaged. */
  rounds: z
    .strictObject({
      workers: z.int().min(2).max(64),
      quorum: z.int().min(1).optional(),
      /** Of the outer step: its rate, and its Nesterov momentum. */
      rate: z.number().default(0.7),
      momentum: z.number().default(0.9),
    })
    .optional(),
  order: z
    .strictObject({
      /** Most that a job costs. */
      maxPrice: z.string().default('15LYN'),
      /** Seconds that a provider has for a job. */
      deliverSeconds: z.int().min(1).default(60),
      attempts: z.int().min(1).default(5),
    })
    .prefault({}),
  evaluate: z
    .strictObject({
      folder: z.string(),
      /** Milestones between two evaluations. */
      every: z.int().min(1).default(1),
      output: z.string(),
    })
    .optional(),
})

/** A plan as its file says it, paths resolved beside the file. */
export type PlanFile = z.output<typeof schema> & { maxPrice: bigint }

/** @throws LynodeError `LY-TRN-002` naming every setting that is wrong. */
export function readPlan(path: string): PlanFile {
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new LynodeError('LY-TRN-002', { details: path, cause })
  }
  return parsePlan(content, dirname(resolve(path)))
}

/** A plan out of the content of its file. @throws LynodeError `LY-TRN-002` */
export function parsePlan(content: unknown, folder: string): PlanFile {
  const parsed = schema.safeParse(content)
  if (!parsed.success)
    throw new LynodeError('LY-TRN-002', {
      details: z.prettifyError(parsed.error),
    })
  const plan = parsed.data
  const beside = (path: string) => resolve(folder, path)
  return {
    ...plan,
    graph: beside(plan.graph),
    out: beside(plan.out),
    data: { ...plan.data, folder: beside(plan.data.folder) },
    evaluate: plan.evaluate && {
      ...plan.evaluate,
      folder: beside(plan.evaluate.folder),
    },
    maxPrice: parseAmount(plan.order.maxPrice),
  }
}
