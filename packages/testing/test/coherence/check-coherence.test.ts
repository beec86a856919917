import { createCache } from '@larder/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCoherence, coherence, type Tools } from '../../src/index'
import { type Invalidation, openTeam } from './team'

const user = fc.integer({ min: 1, max: 3 })
const org = fc.integer({ min: 1, max: 2 })

const right: Invalidation = async (cache, move, user, org) => {
  const before = move()
  await cache.invalidate([`user:${user}`, `org:${org}`, `org:${before}`])
}

function teamWith(invalidation: Invalidation) {
  return {
    open: (tools: Tools) => openTeam(createCache({ name: 'team', ttl: '1d', ...tools }), invalidation),
    reads: {
      members: {
        args: fc.tuple(org),
        cached: (app: ReturnType<typeof openTeam>, org: number) => app.members(org),
        source: (app: ReturnType<typeof openTeam>, org: number) => app.database.membersOf(org),
      },
      org: {
        args: fc.tuple(user),
        cached: (app: ReturnType<typeof openTeam>, user: number) => app.org(user),
        source: (app: ReturnType<typeof openTeam>, user: number) => app.database.orgOf(user),
      },
    },
    writes: {
      move: {
        args: fc.tuple(user, org),
        run: (app: ReturnType<typeof openTeam>, user: number, org: number) => app.move(user, org),
      },
    },
  }
}

test('an application that invalidates all it should passes, whatever fails and however long it takes', async () => {
  await checkCoherence(teamWith(right), { numRuns: 500 })
})

test('it is a property of fast-check like any other', async () => {
  await fc.assert(coherence(teamWith(right)), { numRuns: 20 })
})

const mistakes: Record<string, Invalidation> = {
  'forgets where the user was before': async (cache, move, user, org) => {
    move()
    await cache.invalidate([`user:${user}`, `org:${org}`])
  },
  'forgets the user': async (cache, move, _, org) => {
    await cache.invalidate([`org:${org}`, `org:${move()}`])
  },
  'invalidates before it writes': async (cache, move, user, org) => {
    await cache.invalidate([`user:${user}`, 'org:1', `org:${org}`, 'org:2'])
    await Promise.resolve()
    move()
  },
  'invalidates another tag than the reads carry': async (cache, move, user, org) => {
    const before = move()
    await cache.invalidate([`users:${user}`, `org:${org}`, `org:${before}`])
  },
  'invalidates nothing': async (_, move) => {
    move()
  },
}

describe('a write is found out that', () => {
  test.each(Object.entries(mistakes))('%s', async (_, invalidation) => {
    await expect(checkCoherence(teamWith(invalidation), { numRuns: 500, seed: 1 })).rejects.toThrow(
      'The cache and its source disagree',
    )
  })
})

test('the shortest story is told, with the tags of what was read and of what was invalidated', async () => {
  const failure = checkCoherence(teamWith(mistakes['forgets where the user was before']!), { seed: 1 })
  const told = String(await failure.catch((error: unknown) => error))
  expect(told.split('\n').slice(1)).toEqual([
    '  members(1)',
    expect.stringMatching(/^ {2}move\([123], 2\)$/),
    'then members(1) returned [ 1, 2, 3 ]',
    expect.stringMatching(/^while the source says {3}\[ \d, \d \]$/),
    '',
    "'members(1)' is cached with the tags 'org:1', 'org'.",
    expect.stringMatching(/^move\(([123]), 2\) invalidated 'user:\1', 'org:2'\.$/),
    'Nothing that was invalidated ends it.',
  ])
})

test('a seed finds the same story again', async () => {
  const find = () =>
    checkCoherence(teamWith(mistakes['invalidates nothing']!), { seed: 7 }).catch((error: unknown) =>
      String(error),
    )
  const story = await find()
  expect(story).toContain('disagree')
  expect(await find()).toBe(story)
})
