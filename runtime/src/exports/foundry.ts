export {
  type FoundryProgram,
  foundryBinary,
} from '../foundry/foundryBinary.js'
