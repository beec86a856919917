import type { Cache } from '@larder/core'

/** A database of users and the organisations they belong to. */
function openDatabase() {
  const orgOf = new Map([1, 2, 3].map((user) => [user, 1]))
  return {
    membersOf: (org: number) => [...orgOf].filter(([, userOrg]) => userOrg === org).map(([user]) => user),
    orgOf: (user: number) => orgOf.get(user),
    move(user: number, org: number) {
      const before = orgOf.get(user)
      orgOf.set(user, org)
      return before
    },
  }
}

/** How a move invalidates; correct and incorrect variants are tested. */
export type Invalidation = (
  cache: Cache,
  move: () => number | undefined,
  user: number,
  org: number,
) => Promise<unknown>

/** An application with cached reads, whose one write invalidates in the given way. */
export function openTeam(cache: Cache, invalidation: Invalidation) {
  const database = openDatabase()
  return {
    cache,
    database,
    members: cache.wrap(async (org: number) => database.membersOf(org), {
      name: 'members',
      tags: ([org]) => [`org:${org}`],
    }),
    org: cache.wrap(async (user: number) => database.orgOf(user), {
      name: 'org',
      tags: ([user]) => [`user:${user}`],
    }),
    move: (user: number, org: number) => invalidation(cache, () => database.move(user, org), user, org),
  }
}
