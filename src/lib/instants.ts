/** Milliseconds since the epoch, both included. */
export type Instants = { readonly from: number; readonly to: number }
