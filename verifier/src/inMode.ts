import { type Daemon, type ExecutionMode, errorText } from '@lynode/runtime'

/** Runs a model in one mode; `undefined` when it does not run natively, which is no error. */
export async function inMode<T>(
  logger: Pick<Daemon['logger'], 'warn'>,
  mode: ExecutionMode,
  run: (mode: ExecutionMode) => Promise<T>,
): Promise<T | undefined> {
  if (mode === 'plain') return run(mode)
  try {
    return await run(mode)
  } catch (error) {
    logger.warn(
      { event: 'model.native', error: errorText(error) },
      'the model does not run natively',
    )
    return undefined
  }
}
