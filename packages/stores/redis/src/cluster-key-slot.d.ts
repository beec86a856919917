/** The package ships without type declarations. */
declare module 'cluster-key-slot' {
  /** The hash slot of a key, 0 to 16383 (Redis Cluster specification, key distribution model). */
  export default function calculateSlot(key: string): number
}
