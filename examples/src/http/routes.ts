/**
 * What is cached, the same in all three. Nothing says what the responses depend on: they depend on what their handlers
 * read, and a vote ends the pages that show it.
 */
export const routes = {
  '/cities/:id': { ttl: '10m' },
  '/regions/:code': { ttl: '10m' },
  '/countries/:code': { ttl: '10m' },
} as const
