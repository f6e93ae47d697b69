//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////
// FraudVerifier
//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////

export const fraudVerifierAbi = [
  {
    type: 'function',
    inputs: [
      {
        name: 'roots',
        internalType: 'struct ExecutionRoots',
        type: 'tuple',
        components: [
          { name: 'modelId', internalType: 'bytes32', type: 'bytes32' },
          { name: 'steps', internalType: 'uint32', type: 'uint32' },
          { name: 'inputRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'resultRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'traceRoot', internalType: 'bytes32', type: 'bytes32' },
        ],
      },
      {
        name: 'model',
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
      { name: 'step', internalType: 'uint32', type: 'uint32' },
      { name: 'entry', internalType: 'bytes', type: 'bytes' },
      { name: 'entryProof', internalType: 'bytes32[]', type: 'bytes32[]' },
      {
        name: 'opening',
        internalType: 'struct Opening',
        type: 'tuple',
        components: [
          { name: 'value', internalType: 'uint32', type: 'uint32' },
          { name: 'dataRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'chunks', internalType: 'uint32[]', type: 'uint32[]' },
          { name: 'data', internalType: 'bytes', type: 'bytes' },
          { name: 'proof', internalType: 'bytes32[]', type: 'bytes32[]' },
          { name: 'path', internalType: 'bytes32[]', type: 'bytes32[]' },
        ],
      },
      { name: 'traceProof', internalType: 'bytes32[]', type: 'bytes32[]' },
    ],
    name: 'checkOpening',
    outputs: [],
    stateMutability: 'pure',
  },
  {
    type: 'function',
    inputs: [
      { name: 'modelId', internalType: 'bytes32', type: 'bytes32' },
      {
        name: 'model',
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
      { name: 'value', internalType: 'uint32', type: 'uint32' },
      { name: 'entry', internalType: 'bytes', type: 'bytes' },
      { name: 'entryProof', internalType: 'bytes32[]', type: 'bytes32[]' },
    ],
    name: 'committedValue',
    outputs: [
      { name: 'kind', internalType: 'uint8', type: 'uint8' },
      { name: 'chunks', internalType: 'uint32', type: 'uint32' },
    ],
    stateMutability: 'pure',
  },
  {
    type: 'function',
    inputs: [
      {
        name: 'roots',
        internalType: 'struct ExecutionRoots',
        type: 'tuple',
        components: [
          { name: 'modelId', internalType: 'bytes32', type: 'bytes32' },
          { name: 'steps', internalType: 'uint32', type: 'uint32' },
          { name: 'inputRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'resultRoot', internalType: 'bytes32', type: 'bytes32' },
          { name: 'traceRoot', internalType: 'bytes32', type: 'bytes32' },
        ],
      },
      { name: 'checkerVersion', internalType: 'uint16', type: 'uint16' },
      {
        name: 'proof',
        internalType: 'struct FraudProof',
        type: 'tuple',
        components: [
          {
            name: 'model',
            internalType: 'struct ModelHeader',
            type: 'tuple',
            components: [
              {
                name: 'manifestRoot',
                internalType: 'bytes32',
                type: 'bytes32',
              },
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
          { name: 'step', internalType: 'uint32', type: 'uint32' },
          { name: 'node', internalType: 'uint32', type: 'uint32' },
          { name: 'output', internalType: 'uint32', type: 'uint32' },
          { name: 'element', internalType: 'uint32', type: 'uint32' },
          {
            name: 'entries',
            internalType: 'struct ManifestLeaf[]',
            type: 'tuple[]',
            components: [
              { name: 'leaf', internalType: 'uint32', type: 'uint32' },
              { name: 'entry', internalType: 'bytes', type: 'bytes' },
            ],
          },
          {
            name: 'entriesProof',
            internalType: 'bytes32[]',
            type: 'bytes32[]',
          },
          {
            name: 'openings',
            internalType: 'struct Opening[]',
            type: 'tuple[]',
            components: [
              { name: 'value', internalType: 'uint32', type: 'uint32' },
              { name: 'dataRoot', internalType: 'bytes32', type: 'bytes32' },
              { name: 'chunks', internalType: 'uint32[]', type: 'uint32[]' },
              { name: 'data', internalType: 'bytes', type: 'bytes' },
              { name: 'proof', internalType: 'bytes32[]', type: 'bytes32[]' },
              { name: 'path', internalType: 'bytes32[]', type: 'bytes32[]' },
            ],
          },
          { name: 'traceProof', internalType: 'bytes32[]', type: 'bytes32[]' },
        ],
      },
    ],
    name: 'judge',
    outputs: [
      { name: 'claimed', internalType: 'uint64', type: 'uint64' },
      {
        name: 'honest',
        internalType: 'struct Interval',
        type: 'tuple',
        components: [
          { name: 'kind', internalType: 'enum IntervalKind', type: 'uint8' },
          { name: 'low', internalType: 'int64', type: 'int64' },
          { name: 'high', internalType: 'int64', type: 'int64' },
        ],
      },
      { name: 'fraud', internalType: 'bool', type: 'bool' },
    ],
    stateMutability: 'view',
  },
  {
    type: 'error',
    inputs: [{ name: 'leaf', internalType: 'uint32', type: 'uint32' }],
    name: 'FraudVerifier_MalformedEntry',
  },
  {
    type: 'error',
    inputs: [{ name: 'leaf', internalType: 'uint32', type: 'uint32' }],
    name: 'FraudVerifier_MissingEntry',
  },
  {
    type: 'error',
    inputs: [
      { name: 'value', internalType: 'uint32', type: 'uint32' },
      { name: 'chunk', internalType: 'uint32', type: 'uint32' },
    ],
    name: 'FraudVerifier_MissingOpening',
  },
  {
    type: 'error',
    inputs: [
      { name: 'version', internalType: 'uint16', type: 'uint16' },
      { name: 'opcode', internalType: 'uint16', type: 'uint16' },
    ],
    name: 'FraudVerifier_NoChecker',
  },
  {
    type: 'error',
    inputs: [
      { name: 'output', internalType: 'uint32', type: 'uint32' },
      { name: 'element', internalType: 'uint32', type: 'uint32' },
    ],
    name: 'FraudVerifier_NoSuchElement',
  },
  {
    type: 'error',
    inputs: [
      { name: 'step', internalType: 'uint32', type: 'uint32' },
      { name: 'steps', internalType: 'uint32', type: 'uint32' },
    ],
    name: 'FraudVerifier_NoSuchStep',
  },
  {
    type: 'error',
    inputs: [{ name: 'index', internalType: 'uint32', type: 'uint32' }],
    name: 'FraudVerifier_NotAscending',
  },
  {
    type: 'error',
    inputs: [
      { name: 'expected', internalType: 'bytes32', type: 'bytes32' },
      { name: 'actual', internalType: 'bytes32', type: 'bytes32' },
    ],
    name: 'FraudVerifier_WrongManifest',
  },
  {
    type: 'error',
    inputs: [
      { name: 'expected', internalType: 'bytes32', type: 'bytes32' },
      { name: 'actual', internalType: 'bytes32', type: 'bytes32' },
    ],
    name: 'FraudVerifier_WrongModel',
  },
  {
    type: 'error',
    inputs: [{ name: 'value', internalType: 'uint32', type: 'uint32' }],
    name: 'FraudVerifier_WrongOpening',
  },
  {
    type: 'error',
    inputs: [
      { name: 'expected', internalType: 'bytes32', type: 'bytes32' },
      { name: 'actual', internalType: 'bytes32', type: 'bytes32' },
    ],
    name: 'FraudVerifier_WrongTrace',
  },
] as const
