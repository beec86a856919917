export { type Eviction, type MemoryStoreOptions, memoryStore } from './memory-store'
export { sizeOf } from './size'
