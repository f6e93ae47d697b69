const { subtask } = require('hardhat/config')
const {
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
} = require('hardhat/builtin-tasks/task-names')

// The compiler of the registry in place of a download.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => ({
  compilerPath: require.resolve('solc/soljson.js'),
  isSolcJs: true,
  version: '0.8.30',
  longVersion: '0.8.30+commit.73712a01',
}))

module.exports = {
  solidity: { version: '0.8.30', settings: { evmVersion: 'prague' } },
}
