import type { Cache } from '@larder/core'

/** The database of the example: the organisation of each user. */
export interface Database {
  membersOf(org: number): readonly number[]
  orgOf(user: number): number | undefined
  move(user: number, org: number): void
}

function openDatabase(): Database {
  const orgs = new Map([1, 2, 3].map((user) => [user, 1]))
  return {
    membersOf: (org) => [...orgs].filter(([, userOrg]) => userOrg === org).map(([user]) => user),
    orgOf: (user) => orgs.get(user),
    move: (user, org) => void orgs.set(user, org),
  }
}

/** Cached reads of a team, and the write that has to invalidate them. */
export function openTeam(cache: Cache, database = openDatabase()) {
  const members = cache.wrap(async (org: number) => database.membersOf(org), {
    name: 'members',
    tags: ([org]) => [`org:${org}`],
  })

  return {
    cache,
    database,
    members,

    /** Incorrect on purpose: it does not invalidate the organisation that the user leaves. `checkCoherence` finds that. */
    async moveCarelessly(user: number, org: number): Promise<void> {
      database.move(user, org)
      await cache.invalidate([`user:${user}`, `org:${org}`])
    },

    /** Moves a user and invalidates both organisations. */
    async move(user: number, org: number): Promise<void> {
      const formerOrg = database.orgOf(user)
      database.move(user, org)
      await cache.invalidate([`user:${user}`, `org:${org}`, `org:${formerOrg}`])
    },
  }
}

export type Team = ReturnType<typeof openTeam>
