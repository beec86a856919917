import type { Library, OpenCache } from '../library'

const loaded = ({ open }: { open: OpenCache }) => open

/** Larder first, then its peers, then the limits of what is possible. */
export const libraries: readonly Library[] = [
  {
    name: 'larder',
    role: 'larder',
    offers: ['memory', 'redis', 'tiered', 'tags', 'many', 'flight'],
    load: () => import('./larder').then(loaded),
  },
  {
    name: 'larder-wrap',
    role: 'larder',
    offers: ['memory', 'tags', 'flight'],
    load: () => import('./larder-wrap').then(loaded),
  },
  {
    name: 'bentocache',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'tags', 'many', 'flight'],
    load: () => import('./bentocache').then(loaded),
  },
  {
    name: 'cacheable',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'tags', 'many', 'flight'],
    load: () => import('./cacheable').then(loaded),
  },
  {
    name: 'cache-manager',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'many', 'flight'],
    load: () => import('./cache-manager').then(loaded),
  },
  {
    name: 'async-cache-dedupe',
    role: 'peer',
    offers: ['memory', 'redis', 'tags', 'many', 'flight'],
    load: () => import('./async-cache-dedupe').then(loaded),
  },
  {
    name: 'layered-loader',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'many', 'flight'],
    node: 22,
    load: () => import('./layered-loader').then(loaded),
  },
  {
    name: 'layered-loader-sync',
    role: 'peer',
    offers: ['memory'],
    node: 22,
    load: () => import('./layered-loader-sync').then(loaded),
  },
  {
    name: 'cachified',
    role: 'peer',
    offers: ['memory', 'redis', 'flight'],
    load: () => import('./cachified').then(loaded),
  },
  {
    name: 'ocache',
    role: 'peer',
    offers: ['memory', 'redis', 'tiered', 'flight'],
    load: () => import('./ocache').then(loaded),
  },
  {
    name: 'limit-map',
    role: 'limit',
    offers: ['memory'],
    load: () => import('./limit-map').then(loaded),
  },
  {
    name: 'limit-lru',
    role: 'limit',
    offers: ['memory'],
    load: () => import('./limit-lru').then(loaded),
  },
  {
    name: 'limit-redis',
    role: 'limit',
    offers: ['redis', 'many'],
    load: () => import('./limit-redis').then(loaded),
  },
  {
    name: 'limit-redis-auto',
    role: 'limit',
    offers: ['redis'],
    load: () => import('./limit-redis-auto').then(loaded),
  },
  {
    name: 'limit-redis-mget',
    role: 'limit',
    offers: ['redis'],
    load: () => import('./limit-redis-mget').then(loaded),
  },
  {
    name: 'limit-two-tier',
    role: 'limit',
    offers: ['tiered', 'tags'],
    load: () => import('./limit-two-tier').then(loaded),
  },
]

/** @throws for a name that is none. */
export function libraryNamed(name: string): Library {
  const library = libraries.find((candidate) => candidate.name === name)
  if (library === undefined) throw new Error(`No library is called ${name}.`)
  return library
}
