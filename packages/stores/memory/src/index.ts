export type { Eviction } from './eviction-policies'
export { type MemoryStoreOptions, memoryStore } from './memory-store'
export { sizeOf } from './size-of'
