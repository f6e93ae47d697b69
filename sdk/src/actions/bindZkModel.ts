import type { Hex } from 'viem'
import { zkModelsAbi } from '../abis/zkModelsAbi.js'
import type { ModelHeader } from '../types/manifest.js'
import { type ZkShape, zkShapeHash } from '../zk/zkShape.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type BindZkModelParameters = {
  header: ModelHeader
  shape: ZkShape
  /** Of the verifier, as `addZkVerifier` returned it. */
  selector: Hex
  maxDifference: number
  circuitRoot: Hex
  keyRoot: Hex
  settingsRoot: Hex
}

/** Arguments of `ZkModelBound`. */
export type BindZkModelEvent = { modelId: Hex; selector: Hex }

/**
 * Binds a registered model to its circuit; only its publisher, once
 * (`ZkModels.bind`).
 *
 * @example
 * await bindZkModel(client, { header, shape, selector, maxDifference: 0.001, circuitRoot, keyRoot, settingsRoot })
 */
export const bindZkModel: WriteAction<BindZkModelParameters, BindZkModelEvent> =
  writeAction({
    contract: 'zkModels',
    abi: zkModelsAbi,
    functionName: 'bind',
    args: ({ header, shape, ...binding }) => [
      header,
      shape,
      {
        ...binding,
        shapeHash: zkShapeHash(shape),
        maxDifference: new Uint32Array(
          Float32Array.of(binding.maxDifference).buffer,
        )[0],
      },
    ],
    eventName: 'ZkModelBound',
  })
