import type { Cache } from '@larder/core'

/** The database of the example: which user belongs to which organisation. */
export interface Database {
  membersOf(org: number): readonly number[]
  orgOf(user: number): number | undefined
  move(user: number, org: number): void
}

export function openDatabase(): Database {
  const orgs = new Map([1, 2, 3].map((user) => [user, 1]))
  return {
    membersOf: (org) => [...orgs].filter(([, its]) => its === org).map(([user]) => user),
    orgOf: (user) => orgs.get(user),
    move: (user, org) => void orgs.set(user, org),
  }
}

/** Cached reads of a team, and the write that has to end them. */
export function openTeam(cache: Cache, database = openDatabase()) {
  const members = cache.wrap(async (org: number) => database.membersOf(org), {
    name: 'members',
    tags: ([org]) => [`org:${org}`],
  })

  return {
    cache,
    database,
    members,

    /** Looks right, and works in every test of itself. What does it forget? */
    async moveCarelessly(user: number, org: number): Promise<void> {
      database.move(user, org)
      await cache.invalidate([`user:${user}`, `org:${org}`])
    },

    async move(user: number, org: number): Promise<void> {
      const before = database.orgOf(user)
      database.move(user, org)
      await cache.invalidate([`user:${user}`, `org:${org}`, `org:${before}`])
    },
  }
}

export type Team = ReturnType<typeof openTeam>
