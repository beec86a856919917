import type { Library, OpenCache } from '../library'

const openCacheOf = ({ openCache }: { openCache: OpenCache }) => openCache

/** Larder, then its peers, then the upper limits. */
export const libraries: readonly Library[] = [
  {
    name: 'larder',
    role: 'larder',
    offers: ['memory', 'redis', 'tiered', 'tags', 'many', 'flight'],
    load: () => import('./larder').then(openCacheOf),
  },
  {
    name: 'larder-wrap',
    role: 'larder',
    offers: ['memory', 'tags', 'flight'],
    load: () => import('./larder-wrap').then(openCacheOf),
  },
  {
    name: 'bentocache',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'tags', 'many', 'flight'],
    load: () => import('./bentocache').then(openCacheOf),
  },
  {
    name: 'cacheable',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'tags', 'many', 'flight'],
    load: () => import('./cacheable').then(openCacheOf),
  },
  {
    name: 'cache-manager',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'many', 'flight'],
    load: () => import('./cache-manager').then(openCacheOf),
  },
  {
    name: 'async-cache-dedupe',
    role: 'peer',
    offers: ['memory', 'redis', 'tags', 'many', 'flight'],
    load: () => import('./async-cache-dedupe').then(openCacheOf),
  },
  {
    name: 'layered-loader',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'many', 'flight'],
    node: 22,
    load: () => import('./layered-loader').then(openCacheOf),
  },
  {
    name: 'layered-loader-sync',
    role: 'peer',
    offers: ['memory'],
    node: 22,
    load: () => import('./layered-loader-sync').then(openCacheOf),
  },
  {
    name: 'cachified',
    role: 'peer',
    offers: ['memory', 'redis', 'flight'],
    load: () => import('./cachified').then(openCacheOf),
  },
  {
    name: 'ocache',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'flight'],
    load: () => import('./ocache').then(openCacheOf),
  },
  {
    name: 'limit-map',
    role: 'limit',
    offers: ['memory'],
    load: () => import('./limit-map').then(openCacheOf),
  },
  {
    name: 'limit-lru',
    role: 'limit',
    offers: ['memory'],
    load: () => import('./limit-lru').then(openCacheOf),
  },
  {
    name: 'limit-redis',
    role: 'limit',
    offers: ['redis', 'many'],
    load: () => import('./limit-redis').then(openCacheOf),
  },
  {
    name: 'limit-redis-auto',
    role: 'limit',
    offers: ['redis'],
    load: () => import('./limit-redis-auto').then(openCacheOf),
  },
  {
    name: 'limit-redis-mget',
    role: 'limit',
    offers: ['redis'],
    load: () => import('./limit-redis-mget').then(openCacheOf),
  },
  {
    name: 'limit-two-tier',
    role: 'limit',
    offers: ['tiered', 'tags'],
    load: () => import('./limit-two-tier').then(openCacheOf),
  },
]

/** @throws for an unknown name. */
export function libraryNamed(name: string): Library {
  const library = libraries.find((candidate) => candidate.name === name)
  if (library === undefined) throw new Error(`There is no library '${name}'.`)
  return library
}
