/**
 * An eviction policy for `capacity` keys. The returned function records an access: it returns whether the key was present
 * (a hit), and may admit it.
 */
export type EvictionPolicy = (capacity: number) => (key: number) => boolean
