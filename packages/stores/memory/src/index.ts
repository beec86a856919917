export type { Eviction } from './eviction'
export { type MemoryStoreOptions, memoryStore } from './memory-store'
export { sizeOf } from './size-of'
