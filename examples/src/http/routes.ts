/**
 * The cached routes, the same in all frameworks. They list no tags: a response depends on the cached values that its handler
 * reads, so a vote ends the pages that show it.
 */
export const routes = {
  '/cities/:id': { ttl: '10m' },
  '/regions/:code': { ttl: '10m' },
  '/countries/:code': { ttl: '10m' },
} as const
