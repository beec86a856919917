import { describe, expect, test } from 'vitest'
import type { Store } from '../src/contracts/store'
import { type Cache, createCache } from '../src/index'
import { isLinkChange } from '../src/invalidation/tag-graph'
import { manualClock } from './support/manual-clock'
import { createWorld, type World } from './support/world'

/** Longer than a sync, a repair, and the time in which a log that was taken over is not trusted. In ms. */
const longEnough = 5_000

/** How the appends of links fail: on their way to the log, or on the way back. */
type Loss = 'request' | 'reply' | 'none'

/** A store whose log loses appends of links, as long as `network.loses` says so. */
function openLossyStore(world: World, network: { loses: Loss }): Store {
  return {
    open(context) {
      const opened = world.store().open(context)
      const { log } = opened
      if (log === undefined) throw new Error('A world has a log.')
      const append: typeof log.append = async (invalidations, after) => {
        const loss = invalidations.some(isLinkChange) ? network.loses : 'none'
        if (loss === 'request') throw new Error('The request is lost.')
        const page = await log.append(invalidations, after)
        if (loss === 'reply') throw new Error('The reply is lost.')
        return page
      }
      return { ...opened, log: { ...log, append } }
    },
  }
}

async function openSubject() {
  const clock = manualClock()
  const world = createWorld(clock)
  const network: { loses: Loss } = { loses: 'none' }
  const options = { name: 'x', clock, syncInterval: 800 }
  const linker = createCache({ ...options, store: openLossyStore(world, network) })
  const other = createCache({ ...options, store: world.store() })
  const startThird = () => createCache({ ...options, store: world.store() })
  await clock.advance(850)
  return { clock, world, network, linker, other, startThird }
}

const readChild = (cache: Cache, value: string) => cache.getOrCompute('k', () => value, { tags: ['child'] })

describe('a link whose append got lost', () => {
  test.each(['request', 'reply'] as const)(
    'as a %s is in force everywhere once it is delivered',
    async (loss) => {
      const { clock, network, linker, other } = await openSubject()
      expect(await readChild(other, 'from before the link')).toBe('from before the link')
      network.loses = loss
      expect((await linker.link('child', 'parent')).outcome).toBe('queued')
      expect((await other.invalidate('parent')).outcome).toBe('applied')
      network.loses = 'none'
      await clock.advance(longEnough)

      expect(await readChild(other, 'linked')).toBe('linked')
      expect((await linker.invalidate('parent')).outcome).toBe('applied')
      expect(await readChild(other, 'new')).toBe('new')
      expect(await readChild(linker, 'unused')).toBe('new')
    },
  )

  test('ends at once, in its own process, what others stored without it', async () => {
    const { network, linker, other } = await openSubject()
    await readChild(other, 'stored without the link')
    network.loses = 'request'
    await linker.link('child', 'parent')
    expect(await readChild(linker, 'linked')).toBe('linked')
    await linker.invalidate('parent')
    expect(await readChild(linker, 'new')).toBe('new')
  })

  test('with a server is in force again once a process that knew it has reissued it', async () => {
    const { clock, world, linker, other, startThird } = await openSubject()
    const { position } = world
    await clock.advance(10)
    expect((await linker.link('child', 'parent')).outcome).toBe('applied')
    world.failOver(position)
    const third = startThird()
    await clock.advance(1)
    await readChild(third, 'stored without the link')
    await clock.advance(longEnough)

    expect(await readChild(third, 'linked')).toBe('linked')
    expect((await other.invalidate('parent')).outcome).toBe('applied')
    expect(await readChild(third, 'new')).toBe('new')
  })
})
