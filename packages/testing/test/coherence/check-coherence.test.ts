// tier: slow
import { createCache } from '@larder/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCoherence, coherenceProperty, type Tools } from '../../src/index'
import { type Invalidation, openTeam } from './team'

const user = fc.integer({ min: 1, max: 3 })
const org = fc.integer({ min: 1, max: 2 })

const correctInvalidation: Invalidation = async (cache, move, user, org) => {
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

test('checkCoherence passes for an application that invalidates every affected tag, under faults and delays', async () => {
  await checkCoherence(teamWith(correctInvalidation), { numRuns: 500 })
})

test('coherenceProperty can be passed to fc.assert', async () => {
  await fc.assert(coherenceProperty(teamWith(correctInvalidation)), { numRuns: 20 })
})

const mistakes: Record<string, Invalidation> = {
  'forgets the organisation that the user leaves': async (cache, move, user, org) => {
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

describe('checkCoherence detects a write that', () => {
  test.each(Object.entries(mistakes))('%s', async (_, invalidation) => {
    await expect(checkCoherence(teamWith(invalidation), { numRuns: 500, seed: 1 })).rejects.toThrow(
      'The cache and its source disagree',
    )
  })
})

test('the report shows the shortest failing sequence, the tags of the cached entry and the invalidated tags', async () => {
  const failure = checkCoherence(teamWith(mistakes['forgets the organisation that the user leaves']!), {
    seed: 1,
  })
  const report = String(await failure.catch((error: unknown) => error))
  expect(report.split('\n').slice(1)).toEqual([
    '  members(1)',
    expect.stringMatching(/^ {2}move\([123], 2\)$/),
    'then members(1) returned [ 1, 2, 3 ]',
    expect.stringMatching(/^while the source says {3}\[ \d, \d \]$/),
    '',
    "'members(1)' is cached with the tags 'org:1', 'org'.",
    expect.stringMatching(/^move\(([123]), 2\) invalidated 'user:\1', 'org:2'\.$/),
    'No invalidated tag is on a cached entry that was read.',
  ])
})

test('the same seed finds the same failing sequence', async () => {
  const findReport = () =>
    checkCoherence(teamWith(mistakes['invalidates nothing']!), { seed: 7 }).catch((error: unknown) =>
      String(error),
    )
  const report = await findReport()
  expect(report).toContain('disagree')
  expect(await findReport()).toBe(report)
})
