// tier: slow
import { createCache } from '@larder/core'
import { checkCoherence, type Tools } from '@larder/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTeam, type Team } from '../src/team/team'

const user = fc.integer({ min: 1, max: 3 })
const org = fc.integer({ min: 1, max: 2 })

const teamThatMoves = (move: (team: Team, user: number, org: number) => Promise<void>) => ({
  open: (tools: Tools) => openTeam(createCache({ name: 'team', ttl: '1d', ...tools })),
  reads: {
    members: {
      args: fc.tuple(org),
      cached: (team: Team, org: number) => team.members(org),
      source: (team: Team, org: number) => team.database.membersOf(org),
    },
  },
  writes: { move: { args: fc.tuple(user, org), run: move } },
})

test('checkCoherence finds the move that does not invalidate the organisation a user leaves', async () => {
  const careless = teamThatMoves((team, user, org) => team.moveCarelessly(user, org))
  await expect(checkCoherence(careless, { numRuns: 300, seed: 1 })).rejects.toThrow(
    /members\(1\)\n {2}move\(\d, 2\)\nthen members\(1\) returned \[ 1, 2, 3 \]/,
  )
})

test('checkCoherence passes for the move that invalidates both organisations', async () => {
  await checkCoherence(
    teamThatMoves((team, user, org) => team.move(user, org)),
    { numRuns: 300 },
  )
})
