//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////
// Checker
//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////

export const checkerAbi = [
  {
    type: 'function',
    inputs: [
      {
        name: 'query',
        internalType: 'struct ElementQuery',
        type: 'tuple',
        components: [
          { name: 'opcode', internalType: 'uint16', type: 'uint16' },
          { name: 'attributes', internalType: 'int32[]', type: 'int32[]' },
          {
            name: 'inputs',
            internalType: 'struct TensorType[]',
            type: 'tuple[]',
            components: [
              { name: 'dtype', internalType: 'uint8', type: 'uint8' },
              { name: 'dims', internalType: 'uint32[]', type: 'uint32[]' },
              { name: 'perm', internalType: 'uint8[]', type: 'uint8[]' },
            ],
          },
          {
            name: 'outputs',
            internalType: 'struct TensorType[]',
            type: 'tuple[]',
            components: [
              { name: 'dtype', internalType: 'uint8', type: 'uint8' },
              { name: 'dims', internalType: 'uint32[]', type: 'uint32[]' },
              { name: 'perm', internalType: 'uint8[]', type: 'uint8[]' },
            ],
          },
          { name: 'output', internalType: 'uint32', type: 'uint32' },
          { name: 'element', internalType: 'uint32', type: 'uint32' },
        ],
      },
      {
        name: 'operands',
        internalType: 'struct Operand[]',
        type: 'tuple[]',
        components: [
          { name: 'data', internalType: 'bytes', type: 'bytes' },
          {
            name: 'derived',
            internalType: 'struct Interval[]',
            type: 'tuple[]',
            components: [
              {
                name: 'kind',
                internalType: 'enum IntervalKind',
                type: 'uint8',
              },
              { name: 'low', internalType: 'int64', type: 'int64' },
              { name: 'high', internalType: 'int64', type: 'int64' },
            ],
          },
        ],
      },
    ],
    name: 'evaluate',
    outputs: [
      {
        name: '',
        internalType: 'struct Interval',
        type: 'tuple',
        components: [
          { name: 'kind', internalType: 'enum IntervalKind', type: 'uint8' },
          { name: 'low', internalType: 'int64', type: 'int64' },
          { name: 'high', internalType: 'int64', type: 'int64' },
        ],
      },
    ],
    stateMutability: 'pure',
  },
  {
    type: 'function',
    inputs: [
      {
        name: 'query',
        internalType: 'struct ElementQuery',
        type: 'tuple',
        components: [
          { name: 'opcode', internalType: 'uint16', type: 'uint16' },
          { name: 'attributes', internalType: 'int32[]', type: 'int32[]' },
          {
            name: 'inputs',
            internalType: 'struct TensorType[]',
            type: 'tuple[]',
            components: [
              { name: 'dtype', internalType: 'uint8', type: 'uint8' },
              { name: 'dims', internalType: 'uint32[]', type: 'uint32[]' },
              { name: 'perm', internalType: 'uint8[]', type: 'uint8[]' },
            ],
          },
          {
            name: 'outputs',
            internalType: 'struct TensorType[]',
            type: 'tuple[]',
            components: [
              { name: 'dtype', internalType: 'uint8', type: 'uint8' },
              { name: 'dims', internalType: 'uint32[]', type: 'uint32[]' },
              { name: 'perm', internalType: 'uint8[]', type: 'uint8[]' },
            ],
          },
          { name: 'output', internalType: 'uint32', type: 'uint32' },
          { name: 'element', internalType: 'uint32', type: 'uint32' },
        ],
      },
    ],
    name: 'ranges',
    outputs: [
      {
        name: '',
        internalType: 'struct Range[]',
        type: 'tuple[]',
        components: [
          { name: 'operand', internalType: 'uint8', type: 'uint8' },
          { name: 'first', internalType: 'uint32', type: 'uint32' },
          { name: 'count', internalType: 'uint32', type: 'uint32' },
          { name: 'stride', internalType: 'uint32', type: 'uint32' },
        ],
      },
    ],
    stateMutability: 'pure',
  },
  {
    type: 'error',
    inputs: [{ name: 'opcode', internalType: 'uint16', type: 'uint16' }],
    name: 'Checker_Unsupported',
  },
] as const
