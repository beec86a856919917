import { expect, test } from 'vitest'
import type { Invalidation } from '../src/contracts/log'
import { createOutbox } from '../src/invalidation/outbox'
import { linkRecord } from '../src/invalidation/tag-graph'

const tag = (name: string): Invalidation => ({ scope: 'tag', mode: 'hard', name })

function fill(capacity: number, invalidations: readonly Invalidation[]) {
  const outbox = createOutbox(capacity, () => undefined)
  for (const [sequence, invalidation] of invalidations.entries()) outbox.add([{ invalidation, sequence }])
  return outbox
}

/** Everything that is queued. */
async function takeAll(outbox: ReturnType<typeof createOutbox>): Promise<readonly Invalidation[]> {
  const taken: Invalidation[] = []
  await outbox.redeliver(async (batch) => taken.push(...batch.map(({ invalidation }) => invalidation)))
  return taken
}

test('an outbox of few long names becomes one invalidation of everything', async () => {
  const long = Array.from({ length: 600 }, (_, index) => tag(`${index}:${'x'.repeat(500)}`))
  const outbox = fill(1_000, long)
  const characters = (await takeAll(outbox)).reduce((sum, { name }) => sum + name.length, 0)
  expect(characters).toBeLessThan(1_000 * 128)
  expect(fill(1_000, long.slice(0, 100)).size).toBe(100)
})

test('a link that is made and removed again takes one place, and the last change counts', async () => {
  const changes = Array.from({ length: 100 }, (_, index) =>
    linkRecord(index % 2 === 0 ? 'link' : 'unlink', 'child', 'parent'),
  )
  const taken = await takeAll(fill(1_000, changes))
  expect(taken.map(({ scope }) => scope)).toEqual(['unlink'])
})

test('removals of links do not fill the outbox, however many and however long, and links are kept', async () => {
  const changes = Array.from({ length: 5_000 }, (_, index) => [
    linkRecord('link', `child ${index}`, 'x'.repeat(500)),
    ...(index === 7 ? [] : [linkRecord('unlink', `child ${index}`, 'x'.repeat(500))]),
  ]).flat()
  const outbox = fill(100, changes)
  expect(outbox.size).toBeLessThanOrEqual(101)
  expect(await takeAll(outbox)).toContainEqual(changes[14])
})
