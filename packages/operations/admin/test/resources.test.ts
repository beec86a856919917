import { createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { until } from '@larder/servers'
import { describe, expect, test, vi } from 'vitest'
import { createManagedApp } from './support/managed-app'

describe('GET keys', () => {
  test('lists keys in pages, by pattern and by namespace', async () => {
    const { cache, get } = createManagedApp()
    for (let id = 0; id < 5; id += 1) await cache.set(`user:${id}`, id)
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
    expect((await get(`keys?pattern=${'*'.repeat(257)}`)).body).toMatchObject({
      status: 400,
      detail: 'A pattern must have at most 256 characters.',
    })
  })

  test('explains why a key is a hit, and has its value only with showValues', async () => {
    const { cache, get } = createManagedApp()
    await cache.set('a/b c', { secret: 1 }, { tags: ['t'] })
    const { body } = await get(`keys/${encodeURIComponent('a/b c')}`)
    expect(body).toMatchObject({ key: 'a/b c', outcome: 'hit', tags: ['t'], tier: 'memory' })
    expect(JSON.stringify(body)).not.toContain('secret')
    const open = createManagedApp({ showValues: true })
    await open.cache.namespace('n').set('k', { secret: 1 })
    expect((await open.get('keys/k?namespace=n')).body.value).toEqual({ secret: 1 })
    await open.cache.set('odd', 10n)
    expect((await open.get('keys/odd')).body.value).toBe('10')
  })

  test('answers 404 for a key without an entry', async () => {
    expect((await createManagedApp().get('keys/none')).body).toMatchObject({
      status: 404,
      detail: 'No tier holds an entry.',
    })
  })
})

describe('POST invalidate', () => {
  test('invalidates keys, tags and patterns, and counts the keys', async () => {
    const { cache, post } = createManagedApp()
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

  test('adds to the history of invalidations', async () => {
    const { post, get } = createManagedApp()
    await post('invalidate', { tags: ['t'], mode: 'soft' })
    const [newest] = (await get('invalidations')).body.invalidations
    expect(newest).toMatchObject({ from: 'here', scope: 'tag', mode: 'soft', name: 't', outcome: 'applied' })
  })

  test('keeps at most maxHistory invalidations in the history, the newest first', async () => {
    const { cache, get } = createManagedApp({ maxHistory: 3 })
    for (const tag of ['a', 'b', 'c', 'd']) await cache.invalidate(tag)
    const { invalidations } = (await get('invalidations')).body
    expect(invalidations.map(({ name }: { name: string }) => name)).toEqual(['d', 'c', 'b'])
  })
})

describe('POST clear', () => {
  test('clears only with the confirmation of a first request', async () => {
    const { cache, post } = createManagedApp()
    await cache.set('k', 1)
    const { body } = await post('clear', {})
    expect(body.effect).toBe('This invalidates every entry of "shop", in every process.')
    expect(await cache.get('k')).toBe(1)
    expect((await post('clear', { confirm: body.confirm })).body.outcome).toBe('applied')
    expect(await cache.get('k')).toBeUndefined()
  })

  test('refuses a confirmation that is for another cache or older than a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { post } = createManagedApp()
    const { confirm } = (await post('clear', {})).body
    vi.setSystemTime(Date.now() + 61_000)
    expect((await post('clear', { confirm })).status).toBe(409)
    vi.useRealTimers()
    const other = createManagedApp({ caches: createCache({ name: 'other', store: memoryStore() }) })
    expect((await post('clear', (await other.post('clear', {})).body)).status).toBe(400)
    expect((await post('clear', { confirm: (await other.post('clear', {})).body.confirm })).status).toBe(409)
    expect((await post('clear', { confirm: '%%%' })).status).toBe(409)
  })
})

describe('POST warm', () => {
  test('starts a warm-up, but not a second time while it runs, and GET warm reports its progress', async () => {
    let finishTask: () => void = () => undefined
    const task = vi.fn(
      () =>
        new Promise<void>((resolve) => {
          finishTask = resolve
        }),
    )
    const { get, post } = createManagedApp({ warmUps: { all: () => [task] } })
    await post('warm', { name: 'all' })
    await post('warm', { name: 'all' })
    await until('the task runs', () => task.mock.calls.length > 0)
    finishTask()
    await until(
      'the warm-up has ended',
      async () => (await get('warm')).body.warmUps[0]?.report !== undefined,
    )
    const { names, warmUps } = (await get('warm')).body
    expect(names).toEqual(['all'])
    expect(warmUps).toMatchObject([{ name: 'all', report: { done: 1, failed: 0 } }])
    expect(task).toHaveBeenCalledTimes(1)
  })
})

describe('a warm-up whose list of tasks fails', () => {
  async function* failingTasks() {
    yield async () => undefined
    throw new Error('connect ECONNREFUSED postgres://app:hunter2@db/shop')
  }

  test.each([
    ['while it runs', () => failingTasks()],
    [
      'at once',
      () => {
        throw new Error('no list: hunter2')
      },
    ],
  ])(
    '%s, ends in its report, whose messages need write access, and can be started again',
    async (_, tasks) => {
      const onError = vi.fn()
      let may: 'read' | 'write' = 'write'
      const { get, post } = createManagedApp({ warmUps: { all: tasks }, onError, authorize: () => ({ may }) })
      expect((await post('warm', { name: 'all' })).status).toBe(200)
      const readReport = async () => (await get('warm')).body.warmUps[0].report
      await until('the warm-up has ended', async () => (await readReport()) !== undefined)
      expect(await readReport()).toMatchObject({
        wasStopped: true,
        failures: [expect.stringContaining('hunter2')],
      })
      expect(onError).toHaveBeenCalledTimes(1)
      may = 'read'
      expect((await readReport()).failures).toEqual([])
      may = 'write'
      await post('warm', { name: 'all' })
      await until('it has run again', () => onError.mock.calls.length === 2)
    },
  )
})

describe('GET tags', () => {
  test('counts tags in a sample of the entries, and lists the links', async () => {
    const { cache, get } = createManagedApp()
    await cache.set('a', 1, { tags: ['user:1', 'team'] })
    await cache.namespace('n').set('b', 1, { tags: ['team'] })
    await cache.link('team', 'company')
    const { body } = await get('tags')
    expect(body.sampled).toBe(2)
    expect(body.tags).toContainEqual({ name: 'team', entries: 2 })
    expect(body.links).toEqual([{ child: 'team', parent: 'company' }])
  })
})

describe('GET health', () => {
  test('passes for a cache that is current with its log', async () => {
    expect((await createManagedApp().get('health')).body.status).toBe('pass')
  })
})

test('a request selects one of several caches by name; the default is the first', async () => {
  const caches = ['one', 'two'].map((name) => createCache({ name, store: memoryStore() }))
  const { get } = createManagedApp({ caches })
  expect((await get('stats')).body).toMatchObject({ name: 'one', caches: ['one', 'two'] })
  expect((await get('stats?cache=two')).body.name).toBe('two')
})
