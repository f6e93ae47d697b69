// A client of an indexer: apart, since it checks answers with a schema library
// that pages need not load otherwise.

export * from '../indexer/createIndexerClient.js'
export type * from '../indexer/indexerRows.js'
