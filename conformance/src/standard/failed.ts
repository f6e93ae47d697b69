/** A case that shows a fault of ours, or of the runtime's. */
export class Failed extends Error {}
