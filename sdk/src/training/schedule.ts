import { unfitOptions } from './trainingErrors.js'

/** How the learning rate goes over the steps. */
export type Schedule = {
  /** Highest rate. */
  rate: number
  /** Steps of the whole training: a table of so many rates is part of the model. */
  steps: number
  /** Steps in which the rate rises from 0. Default 0. */
  warmUp?: number | undefined
  /** After the warm-up: the same, or a half cosine down to `least`. Default `constant`. */
  decay?: 'constant' | 'cosine' | undefined
  /** Rate at the end of a cosine. Default 0. */
  least?: number | undefined
}

/** Most entries of the table: 4 MB. */
const mostSteps = 1_000_000

/** The rate of each step. @throws LynodeError LY-TRN-002 */
export function scheduleRates(schedule: Schedule): number[] {
  const { rate, steps, warmUp = 0, decay = 'constant', least = 0 } = schedule
  if (!Number.isSafeInteger(steps) || steps < 1 || steps > mostSteps)
    throw unfitOptions(`a schedule has 1 to ${mostSteps} steps, not ${steps}`)
  if (!(rate > 0 && Number.isFinite(rate)) || !(least >= 0 && least <= rate))
    throw unfitOptions(`a rate of ${rate}, at least ${least}`)
  if (!Number.isSafeInteger(warmUp) || warmUp < 0 || warmUp > steps)
    throw unfitOptions(`a warm-up of ${warmUp} steps of ${steps}`)
  return Array.from({ length: steps }, (_, step) => {
    if (step < warmUp) return (rate * (step + 1)) / warmUp
    if (decay === 'constant') return rate
    const part = (step - warmUp) / Math.max(1, steps - warmUp)
    return least + ((rate - least) * (1 + Math.cos(Math.PI * part))) / 2
  })
}
