export type { CreateEvictionPolicy, EvictionPolicy, EvictionPolicyOptions } from './eviction-policy'
export { type MemoryStoreOptions, memoryStore } from './memory-store'
export { sizeOf } from './size-of'
