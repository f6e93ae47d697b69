export { type StartProviderOptions, startProvider } from './startProvider.js'
