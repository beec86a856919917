import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { until } from '@larder/servers'
import { describe, expect, test, vi } from 'vitest'
import { operated } from './support/operated'

describe('keys', () => {
  test('are listed in pages, by pattern and by namespace', async () => {
    const { cache, get } = operated()
    for (let at = 0; at < 5; at += 1) await cache.set(`user:${at}`, at)
    await cache.namespace('jobs').set('7', 1)
    const first = (await get('keys?limit=4')).body
    const second = (await get(`keys?limit=4&cursor=${encodeURIComponent(first.cursor)}`)).body
    expect([...first.keys, ...second.keys].map(({ key }) => key).sort()).toEqual([
      '7',
      'user:0',
      'user:1',
      'user:2',
      'user:3',
      'user:4',
    ])
    expect((await get('keys?pattern=user:?')).body.keys).toHaveLength(5)
    expect((await get('keys?namespace=jobs')).body.keys).toEqual([{ namespace: [], key: '7' }])
  })

  test('tell why they are a hit, and their value only where that is allowed', async () => {
    const { cache, get } = operated()
    await cache.set('a/b c', { secret: 1 }, { tags: ['t'] })
    const { body } = await get(`keys/${encodeURIComponent('a/b c')}`)
    expect(body).toMatchObject({ key: 'a/b c', outcome: 'hit', tags: ['t'], tier: 'memory' })
    expect(JSON.stringify(body)).not.toContain('secret')
    const open = operated({ showValues: true })
    await open.cache.namespace('n').set('k', { secret: 1 })
    expect((await open.get('keys/k?namespace=n')).body.value).toEqual({ secret: 1 })
    await open.cache.set('odd', 10n)
    expect((await open.get('keys/odd')).body.value).toBe('10')
  })

  test('that are not there are not found', async () => {
    expect((await operated().get('keys/none')).body).toMatchObject({
      status: 404,
      detail: 'No tier holds an entry.',
    })
  })
})

describe('invalidating', () => {
  test('ends keys, tags and patterns, and says how many keys', async () => {
    const { cache, post } = operated()
    for (const key of ['a1', 'a2', 'b', 'c', 'd'])
      await cache.set(key, key, { tags: key === 'c' ? ['t'] : [] })
    const { body } = await post('invalidate', { keys: ['b'], tags: ['t'], patterns: ['a*'] })
    expect(body).toEqual({ outcome: 'applied', token: expect.any(String), keys: 3 })
    expect(await cache.getMany(['a1', 'a2', 'b', 'c', 'd'])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'd',
    ])
  })

  test('is told of in the history', async () => {
    const { post, get } = operated()
    await post('invalidate', { tags: ['t'], mode: 'soft' })
    const [newest] = (await get('invalidations')).body.invalidations
    expect(newest).toMatchObject({ from: 'here', scope: 'tag', mode: 'soft', name: 't', outcome: 'applied' })
  })

  test('leaves a history of bounded length, the newest first', async () => {
    const { cache, get } = operated({ maxHistory: 3 })
    for (const tag of ['a', 'b', 'c', 'd']) await cache.invalidate(tag)
    const { invalidations } = (await get('invalidations')).body
    expect(invalidations.map(({ name }: { name: string }) => name)).toEqual(['d', 'c', 'b'])
  })
})

describe('clearing', () => {
  test('takes two steps', async () => {
    const { cache, post } = operated()
    await cache.set('k', 1)
    const { body } = await post('clear', {})
    expect(body.effect).toBe('Everything in "shop" ends, in every process.')
    expect(await cache.get('k')).toBe(1)
    expect((await post('clear', { confirm: body.confirm })).body.outcome).toBe('applied')
    expect(await cache.get('k')).toBeUndefined()
  })

  test('needs a confirmation of this cache that is not old', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { post } = operated()
    const { confirm } = (await post('clear', {})).body
    vi.setSystemTime(Date.now() + 61_000)
    expect((await post('clear', { confirm })).status).toBe(409)
    vi.useRealTimers()
    const other = operated({ caches: createCache({ name: 'other', store: memoryStore() }) })
    expect((await post('clear', (await other.post('clear', {})).body)).status).toBe(400)
    expect((await post('clear', { confirm: (await other.post('clear', {})).body.confirm })).status).toBe(409)
    expect((await post('clear', { confirm: '%%%' })).status).toBe(409)
  })
})

describe('warming', () => {
  test('starts what the application offers, once at a time, and tells how far it is', async () => {
    let finish: () => void = () => undefined
    const task = vi.fn(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    )
    const { get, post } = operated({ warmUps: { all: () => [task] } })
    await post('warm', { name: 'all' })
    await post('warm', { name: 'all' })
    await until('it runs', () => task.mock.calls.length > 0)
    finish()
    await until('it has ended', async () => (await get('warm')).body.warmUps[0]?.report !== undefined)
    const { names, warmUps } = (await get('warm')).body
    expect(names).toEqual(['all'])
    expect(warmUps).toMatchObject([{ name: 'all', report: { done: 1, failed: 0 } }])
    expect(task).toHaveBeenCalledTimes(1)
  })
})

describe('tags', () => {
  test('are counted among some of the entries, with the links between them', async () => {
    const { cache, get } = operated()
    await cache.set('a', 1, { tags: ['user:1', 'team'] })
    await cache.namespace('n').set('b', 1, { tags: ['team'] })
    await cache.link('team', 'company')
    const { body } = await get('tags')
    expect(body.sampled).toBe(2)
    expect(body.tags).toContainEqual({ name: 'team', entries: 2 })
    expect(body.links).toEqual([{ child: 'team', parent: 'company' }])
  })
})

describe('health', () => {
  test('passes for a cache that is current', async () => {
    expect((await operated().get('health')).body.status).toBe('pass')
  })
})

test('several caches are chosen by name', async () => {
  const caches = ['one', 'two'].map((name) => createCache({ name, store: memoryStore() }))
  const { get } = operated({ caches })
  expect((await get('stats')).body).toMatchObject({ name: 'one', caches: ['one', 'two'] })
  expect((await get('stats?cache=two')).body.name).toBe('two')
})
