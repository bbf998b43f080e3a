/**
 * The order in which every bulk write goes through its documents. Where a server does all of one in a transaction of its own,
 * two that meet in opposite orders would each wait for the other.
 */
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : Number(a.id > b.id)
