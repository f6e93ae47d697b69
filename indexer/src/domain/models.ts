import type {
  checkerRegistryAbi,
  modelRegistryAbi,
  zkDeliveriesAbi,
  zkModelsAbi,
  zkVerifierRouterAbi,
} from '@lynode/sdk'
import { insert, update, upsert } from './change.js'
import type { Rules } from './event.js'
import { notice } from './notice.js'
import { toJson } from './toJson.js'

/** ModelRegistry: published models. */
export const modelRegistryRules: Rules<typeof modelRegistryAbi> = {
  ModelRegistered: ({ args: { header, ...model } }) => [
    insert('modelEntry', {
      ...model,
      header: toJson(header) as Record<string, string | number>,
      zk: null,
    }),
  ],
}

/** CheckerRegistry: versions of the operators' checkers. */
export const checkerRegistryRules: Rules<typeof checkerRegistryAbi> = {
  CheckersAdded: (event) => [notice('checkerRegistry', 'CheckersAdded', event)],
}

/** ZkModels: circuits of models. */
export const zkModelsRules: Rules<typeof zkModelsAbi> = {
  ZkModelBound: ({ args: { modelId, binding, shape } }) => [
    update('modelEntry', { modelId }, () => ({
      zk: { ...(toJson(binding) as object), shape: toJson(shape) },
    })),
  ],
}

/** ZkVerifierRouter: verifiers of proofs, behind a selector each. */
export const zkVerifierRouterRules: Rules<typeof zkVerifierRouterAbi> = {
  VerifierAdded: ({ args }) => [
    upsert('zkVerifier', { ...args, retired: false }, () => ({
      ...{ verifier: args.verifier, codeHash: args.codeHash, retired: false },
    })),
  ],
  VerifierRetired: ({ args: { selector } }) => [
    update('zkVerifier', { selector }, () => ({ retired: true })),
  ],
}

/** ZkDeliveries: outputs that came with a proof. */
export const zkDeliveriesRules: Rules<typeof zkDeliveriesAbi> = {
  ProvedDelivered: ({ args: { jobId, tensors } }) => [
    update('job', { jobId }, () => ({ outputs: { tensors: toJson(tensors) } })),
  ],
}
