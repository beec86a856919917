/** The number of items, numbered from 0. */
export const items = 24

/** A tag that some items are linked to. */
export const linkedTag = 'linked'
/** A tag of composite values that only soft invalidations use, without a write. */
export const softTag = 'soft'

const groupCount = 4

/** Each item belongs to a group, so invalidating the group's tag invalidates the item. */
export const groupOf = (item: number) => `group-${item % groupCount}`
export const tagOf = (item: number) => `${groupOf(item)}:${item}`
export const keyOf = (item: number) => `item ${item}`

/** Items whose tags are linked to {@link linkedTag}. */
export const isLinked = (item: number) => item % 8 === 0
/** Items that one process alone writes, with `set`: a delayed `set` of another would store an old version. */
export const isOwned = (item: number) => item % 6 === 5
