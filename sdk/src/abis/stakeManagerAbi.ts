//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////
// StakeManager
//////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////

export const stakeManagerAbi = [
  {
    type: 'function',
    inputs: [{ name: 'core', internalType: 'address', type: 'address' }],
    name: 'authorise',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [{ name: 'providerId', internalType: 'uint32', type: 'uint32' }],
    name: 'endpointOf',
    outputs: [{ name: '', internalType: 'string', type: 'string' }],
    stateMutability: 'view',
  },
  {
    type: 'function',
    inputs: [{ name: 'providerId', internalType: 'uint32', type: 'uint32' }],
    name: 'hotKeyOf',
    outputs: [{ name: '', internalType: 'address', type: 'address' }],
    stateMutability: 'view',
  },
  {
    type: 'function',
    inputs: [{ name: 'hotKey', internalType: 'address', type: 'address' }],
    name: 'providerIdOf',
    outputs: [{ name: '', internalType: 'uint32', type: 'uint32' }],
    stateMutability: 'view',
  },
  {
    type: 'function',
    inputs: [{ name: 'providerId', internalType: 'uint32', type: 'uint32' }],
    name: 'providerOf',
    outputs: [
      {
        name: '',
        internalType: 'struct IStakeManager.Provider',
        type: 'tuple',
        components: [
          { name: 'owner', internalType: 'address', type: 'address' },
          { name: 'hotKey', internalType: 'address', type: 'address' },
          { name: 'stake', internalType: 'uint96', type: 'uint96' },
          { name: 'thawing', internalType: 'uint96', type: 'uint96' },
          { name: 'reserved', internalType: 'uint96', type: 'uint96' },
          { name: 'thawedAt', internalType: 'uint40', type: 'uint40' },
          { name: 'jailedUntil', internalType: 'uint40', type: 'uint40' },
          { name: 'reputation', internalType: 'uint24', type: 'uint24' },
        ],
      },
    ],
    stateMutability: 'view',
  },
  {
    type: 'function',
    inputs: [],
    name: 'providers',
    outputs: [{ name: '', internalType: 'uint32', type: 'uint32' }],
    stateMutability: 'view',
  },
  {
    type: 'function',
    inputs: [
      { name: 'hotKey', internalType: 'address', type: 'address' },
      { name: 'endpoint', internalType: 'string', type: 'string' },
    ],
    name: 'register',
    outputs: [{ name: 'providerId', internalType: 'uint32', type: 'uint32' }],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'amount', internalType: 'uint96', type: 'uint96' },
    ],
    name: 'release',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'amount', internalType: 'uint96', type: 'uint96' },
    ],
    name: 'requestThaw',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'hotKey', internalType: 'address', type: 'address' },
      { name: 'amount', internalType: 'uint96', type: 'uint96' },
    ],
    name: 'reserve',
    outputs: [{ name: 'providerId', internalType: 'uint32', type: 'uint32' }],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'hotKey', internalType: 'address', type: 'address' },
    ],
    name: 'rotateHotKey',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'endpoint', internalType: 'string', type: 'string' },
    ],
    name: 'setEndpoint',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'reserved', internalType: 'uint96', type: 'uint96' },
      { name: 'amount', internalType: 'uint96', type: 'uint96' },
      { name: 'payout', internalType: 'uint96', type: 'uint96' },
      { name: 'recipient', internalType: 'address', type: 'address' },
    ],
    name: 'slash',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'reserved', internalType: 'uint96', type: 'uint96' },
      { name: 'amount', internalType: 'uint96', type: 'uint96' },
      { name: 'payout', internalType: 'uint96', type: 'uint96' },
      { name: 'recipient', internalType: 'address', type: 'address' },
    ],
    name: 'slashLiveness',
    outputs: [{ name: 'taken', internalType: 'uint96', type: 'uint96' }],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'amount', internalType: 'uint96', type: 'uint96' },
    ],
    name: 'stake',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'function',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'amount', internalType: 'uint96', type: 'uint96' },
      { name: 'to', internalType: 'address', type: 'address' },
    ],
    name: 'withdraw',
    outputs: [],
    stateMutability: 'nonpayable',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      { name: 'core', internalType: 'address', type: 'address', indexed: true },
    ],
    name: 'CoreAuthorised',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      {
        name: 'endpoint',
        internalType: 'string',
        type: 'string',
        indexed: false,
      },
    ],
    name: 'EndpointSet',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      {
        name: 'hotKey',
        internalType: 'address',
        type: 'address',
        indexed: true,
      },
    ],
    name: 'HotKeyRotated',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      {
        name: 'owner',
        internalType: 'address',
        type: 'address',
        indexed: true,
      },
      {
        name: 'hotKey',
        internalType: 'address',
        type: 'address',
        indexed: true,
      },
    ],
    name: 'ProviderRegistered',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      { name: 'core', internalType: 'address', type: 'address', indexed: true },
      {
        name: 'amount',
        internalType: 'uint96',
        type: 'uint96',
        indexed: false,
      },
    ],
    name: 'Released',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      { name: 'core', internalType: 'address', type: 'address', indexed: true },
      {
        name: 'amount',
        internalType: 'uint96',
        type: 'uint96',
        indexed: false,
      },
    ],
    name: 'Reserved',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      { name: 'core', internalType: 'address', type: 'address', indexed: true },
      {
        name: 'amount',
        internalType: 'uint96',
        type: 'uint96',
        indexed: false,
      },
      { name: 'paid', internalType: 'uint96', type: 'uint96', indexed: false },
      { name: 'burnt', internalType: 'uint96', type: 'uint96', indexed: false },
      {
        name: 'jailedUntil',
        internalType: 'uint40',
        type: 'uint40',
        indexed: false,
      },
    ],
    name: 'Slashed',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      { name: 'from', internalType: 'address', type: 'address', indexed: true },
      {
        name: 'amount',
        internalType: 'uint96',
        type: 'uint96',
        indexed: false,
      },
    ],
    name: 'Staked',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      {
        name: 'thawing',
        internalType: 'uint96',
        type: 'uint96',
        indexed: false,
      },
      {
        name: 'thawedAt',
        internalType: 'uint40',
        type: 'uint40',
        indexed: false,
      },
    ],
    name: 'ThawRequested',
  },
  {
    type: 'event',
    anonymous: false,
    inputs: [
      {
        name: 'providerId',
        internalType: 'uint32',
        type: 'uint32',
        indexed: true,
      },
      { name: 'to', internalType: 'address', type: 'address', indexed: true },
      {
        name: 'amount',
        internalType: 'uint96',
        type: 'uint96',
        indexed: false,
      },
    ],
    name: 'Unstaked',
  },
  {
    type: 'error',
    inputs: [
      { name: 'amount', internalType: 'uint256', type: 'uint256' },
      { name: 'minimum', internalType: 'uint256', type: 'uint256' },
    ],
    name: 'StakeManager_BelowMinimum',
  },
  {
    type: 'error',
    inputs: [
      { name: 'hotKey', internalType: 'address', type: 'address' },
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
    ],
    name: 'StakeManager_HotKeyTaken',
  },
  {
    type: 'error',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'asked', internalType: 'uint256', type: 'uint256' },
      { name: 'free', internalType: 'uint256', type: 'uint256' },
    ],
    name: 'StakeManager_InsufficientStake',
  },
  {
    type: 'error',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'until', internalType: 'uint40', type: 'uint40' },
    ],
    name: 'StakeManager_Jailed',
  },
  {
    type: 'error',
    inputs: [{ name: 'caller', internalType: 'address', type: 'address' }],
    name: 'StakeManager_NotAHotKey',
  },
  {
    type: 'error',
    inputs: [{ name: 'caller', internalType: 'address', type: 'address' }],
    name: 'StakeManager_NotCore',
  },
  {
    type: 'error',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'caller', internalType: 'address', type: 'address' },
    ],
    name: 'StakeManager_NotOwner',
  },
  {
    type: 'error',
    inputs: [
      { name: 'payout', internalType: 'uint256', type: 'uint256' },
      { name: 'maximum', internalType: 'uint256', type: 'uint256' },
    ],
    name: 'StakeManager_PayoutTooHigh',
  },
  {
    type: 'error',
    inputs: [
      { name: 'providerId', internalType: 'uint32', type: 'uint32' },
      { name: 'thawedAt', internalType: 'uint40', type: 'uint40' },
    ],
    name: 'StakeManager_StillThawing',
  },
  {
    type: 'error',
    inputs: [{ name: 'providerId', internalType: 'uint32', type: 'uint32' }],
    name: 'StakeManager_Unknown',
  },
  { type: 'error', inputs: [], name: 'StakeManager_ZeroAddress' },
  { type: 'error', inputs: [], name: 'StakeManager_ZeroAmount' },
] as const
