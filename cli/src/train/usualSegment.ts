import { checkModel, type TrainingStep } from '@lynode/sdk'

/** Bytes that a core hashes into a tree, and operations that it does, in a second. */
const [hashed, computed] = [400e6, 40e9]

/** What hashing checkpoints may cost, of the time of the steps. */
const share = 0.05

const most = 128

/**
 * Steps of a segment where the plan does not say: as many as it takes for the
 * state's tree to cost a twentieth of them. From sizes alone and not measured,
 * so that the same plan gives the same model on every machine.
 */
export function usualSegment({ model, state }: TrainingStep): number {
  const bytes = [...state.values()].reduce(
    (total, tensor) => total + tensor.bytes.length,
    0,
  )
  const stepSeconds = checkModel(model).flops / computed
  const steps = Math.ceil(bytes / hashed / (share * stepSeconds))
  return Math.min(Math.max(1, steps), most)
}
