//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////
// CheckerRegistry
//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////

export const checkerRegistryAbi = [
  {
    type: 'function',
    inputs: [
      { name: 'opcodes', internalType: 'uint16[]', type: 'uint16[]' },
      {
        name: 'checkers',
        internalType: 'contract IChecker[]',
        type: 'address[]',
      },
    ],
    name: 'add',
    outputs: [{ name: 'version', internalType: 'uint16', type: 'uint16' }],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'version', internalType: 'uint16', type: 'uint16' },
      { name: 'opcode', internalType: 'uint16', type: 'uint16' },
    ],
    name: 'checkerOf',
    outputs: [{ name: '', internalType: 'contract IChecker', type: 'address' }],
    stateMutability: 'view',
  },
  {
    type: 'function',
    inputs: [],
    name: 'latest',
    outputs: [{ name: '', internalType: 'uint16', type: 'uint16' }],
    stateMutability: 'view',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'version',
        internalType: 'uint16',
        type: 'uint16',
        indexed: true,
      },
      {
        name: 'opcodes',
        internalType: 'uint16[]',
        type: 'uint16[]',
        indexed: false,
      },
      {
        name: 'checkers',
        internalType: 'address[]',
        type: 'address[]',
        indexed: false,
      },
    ],
    name: 'CheckersAdded',
  },
  {
    type: 'error',
    inputs: [
      { name: 'opcodes', internalType: 'uint256', type: 'uint256' },
      { name: 'checkers', internalType: 'uint256', type: 'uint256' },
    ],
    name: 'CheckerRegistry_LengthMismatch',
  },
  {
    type: 'error',
    inputs: [{ name: 'checker', internalType: 'address', type: 'address' }],
    name: 'CheckerRegistry_NoCode',
  },
] as const
