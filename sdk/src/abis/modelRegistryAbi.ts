//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////
// ModelRegistry
//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////

export const modelRegistryAbi = [
  {
    type: 'function',
    inputs: [{ name: 'modelId', internalType: 'bytes32', type: 'bytes32' }],
    name: 'modelOf',
    outputs: [
      {
        name: '',
        internalType: 'struct IModelRegistry.Model',
        type: 'tuple',
        components: [
          { name: 'publisher', internalType: 'address', type: 'address' },
          { name: 'royaltyBps', internalType: 'uint16', type: 'uint16' },
          { name: 'classes', internalType: 'uint8', type: 'uint8' },
          { name: 'checkerVersion', internalType: 'uint16', type: 'uint16' },
        ],
      },
    ],
    stateMutability: 'view',
  },
  {
    type: 'function',
    inputs: [
      {
        name: 'header',
        internalType: 'struct ModelHeader',
        type: 'tuple',
        components: [
          { name: 'manifestRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'fileRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'fileBytes', internalType: 'uint64', type: 'uint64' },
          { name: 'values', internalType: 'uint32', type: 'uint32' },
          { name: 'nodes', internalType: 'uint32', type: 'uint32' },
          { name: 'inputs', internalType: 'uint32', type: 'uint32' },
          { name: 'outputs', internalType: 'uint32', type: 'uint32' },
          { name: 'carried', internalType: 'uint32', type: 'uint32' },
          { name: 'activations', internalType: 'uint32', type: 'uint32' },
          { name: 'segment', internalType: 'uint32', type: 'uint32' },
          { name: 'profile', internalType: 'uint32', type: 'uint32' },
        ],
      },
      { name: 'royaltyBps', internalType: 'uint16', type: 'uint16' },
      { name: 'classes', internalType: 'uint8', type: 'uint8' },
    ],
    name: 'register',
    outputs: [{ name: 'modelId', internalType: 'bytes32', type: 'bytes32' }],
    stateMutability: 'nonpayable',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'modelId',
        internalType: 'bytes32',
        type: 'bytes32',
        indexed: true,
      },
      {
        name: 'publisher',
        internalType: 'address',
        type: 'address',
        indexed: true,
      },
      {
        name: 'header',
        internalType: 'struct ModelHeader',
        type: 'tuple',
        components: [
          { name: 'manifestRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'fileRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'fileBytes', internalType: 'uint64', type: 'uint64' },
          { name: 'values', internalType: 'uint32', type: 'uint32' },
          { name: 'nodes', internalType: 'uint32', type: 'uint32' },
          { name: 'inputs', internalType: 'uint32', type: 'uint32' },
          { name: 'outputs', internalType: 'uint32', type: 'uint32' },
          { name: 'carried', internalType: 'uint32', type: 'uint32' },
          { name: 'activations', internalType: 'uint32', type: 'uint32' },
          { name: 'segment', internalType: 'uint32', type: 'uint32' },
          { name: 'profile', internalType: 'uint32', type: 'uint32' },
        ],
        indexed: false,
      },
      {
        name: 'royaltyBps',
        internalType: 'uint16',
        type: 'uint16',
        indexed: false,
      },
      { name: 'classes', internalType: 'uint8', type: 'uint8', indexed: false },
      {
        name: 'checkerVersion',
        internalType: 'uint16',
        type: 'uint16',
        indexed: false,
      },
    ],
    name: 'ModelRegistered',
  },
  {
    type: 'error',
    inputs: [{ name: 'classes', internalType: 'uint8', type: 'uint8' }],
    name: 'ModelRegistry_BadClasses',
  },
  { type: 'error', inputs: [], name: 'ModelRegistry_BadHeader' },
  {
    type: 'error',
    inputs: [{ name: 'modelId', internalType: 'bytes32', type: 'bytes32' }],
    name: 'ModelRegistry_Exists',
  },
  {
    type: 'error',
    inputs: [
      { name: 'royaltyBps', internalType: 'uint256', type: 'uint256' },
      { name: 'maximum', internalType: 'uint256', type: 'uint256' },
    ],
    name: 'ModelRegistry_RoyaltyTooHigh',
  },
  {
    type: 'error',
    inputs: [
      { name: 'activations', internalType: 'uint256', type: 'uint256' },
      { name: 'maximum', internalType: 'uint256', type: 'uint256' },
    ],
    name: 'ModelRegistry_TooManyActivations',
  },
  {
    type: 'error',
    inputs: [{ name: 'modelId', internalType: 'bytes32', type: 'bytes32' }],
    name: 'ModelRegistry_Unknown',
  },
] as const
