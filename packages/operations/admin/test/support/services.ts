import type { Cache } from '@larder/core'

/** A function of a service and the reads of one second of it. */
export type Service = (cache: Cache) => (second: number) => readonly Promise<unknown>[]

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A function that takes `duration` ms. */
function slow<Arguments extends unknown[], Value>(duration: number, compute: (...args: Arguments) => Value) {
  return async (...args: Arguments) => {
    await sleep(duration)
    return compute(...args)
  }
}

const times = <T>(count: number, read: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => read(index))

/** Each has one defect, which the name tells and the advice has to find. */
export const defects = {
  'ttl too short': (cache) => {
    const rates = cache.wrap(
      slow(20, (id: number) => id),
      { name: 'rates', ttl: '1s' },
    )
    return (second) => (second % 2 === 0 ? times(5, (id) => rates(id)) : [])
  },
  'a broad tag, invalidated too often': (cache) => {
    const job = cache.wrap(
      slow(20, (id: number) => id),
      { name: 'job', ttl: '1h', tags: ([id]) => [`jobs:${id}`] },
    )
    return (second) => [
      ...times(20, (id) => job(id)),
      ...(second % 2 === 0 ? [cache.invalidate('jobs')] : []),
    ]
  },
  'values that change before they are read again': (cache) => {
    const score = cache.wrap(
      slow(20, (id: number) => id),
      { name: 'score', ttl: '1h', tags: ([id]) => [`score:${id}`] },
    )
    return () =>
      times(3, async (id) => {
        await score(id)
        await cache.invalidate(`score:${id}`)
      })
  },
  'one hot key': (cache) => {
    const banner = cache.wrap(
      slow(100, (id: number) => id),
      { name: 'banner', ttl: '4s' },
    )
    return (second) => [...times(200, () => banner(0)), banner(second % 50)]
  },
  'a source that fails': (cache) => {
    let calls = 0
    const stock = cache.wrap(
      slow(20, (id: number) => {
        calls += 1
        if (calls % 10 === 0) throw new Error('unavailable')
        return id
      }),
      { name: 'stock', ttl: '1h' },
    )
    return (second) => [...times(2, (id) => stock(2 * second + id)), ...times(40, (id) => stock(id % 20))]
  },
  'a timestamp in the key': (cache) => {
    const report = cache.wrap(
      slow(20, (at: number) => at),
      { name: 'report', ttl: '1h' },
    )
    return () => times(3, (id) => report(Date.now() + id))
  },
  'too many different keys': (cache) => {
    const search = cache.wrap(
      slow(20, (text: string) => text),
      { name: 'search', ttl: '1h' },
    )
    return (second) => times(10, (id) => search(`shoes for user ${second * 10 + id}`))
  },
  'oversized values': (cache) => {
    const exported = cache.wrap(
      slow(20, (id: number) => `${id}`.repeat(1_000_000)),
      { name: 'export', ttl: '1h' },
    )
    return (second) => times(2, (id) => exported(10 + ((2 * second + id) % 60)))
  },
  'a ttl of 0': (cache) => {
    const menu = cache.wrap(
      slow(20, (id: number) => id),
      { name: 'menu', ttl: 0 },
    )
    return () => times(5, (id) => menu(id))
  },
  'a condition that refuses every value': (cache) => {
    const user = cache.wrap(
      slow(20, (id: number) => ({ id, deleted: null })),
      {
        name: 'user',
        ttl: '1h',
        cacheIf: ({ deleted }) => deleted !== null,
      },
    )
    return () => times(5, (id) => user(id))
  },
  'a slow function that expires under its readers': (cache) => {
    const forecast = cache.wrap(
      slow(1_500, (id: number) => id),
      { name: 'forecast', ttl: '10s' },
    )
    return () => times(30, (id) => forecast(id % 3))
  },
  'values computed ahead and never read': (cache) => {
    const teaser = cache.wrap(
      slow(20, (id: number) => id),
      { name: 'teaser', ttl: '1h' },
    )
    return (second) => times(4, (id) => teaser.refresh(4 * second + id))
  },
} satisfies Record<string, Service>

/** 100 reads a second, of which 5 % are misses: keys come and go, and those that stay are read often. */
export const healthyTraffic: Service = (cache) => {
  const product = cache.wrap(
    slow(10, (id: number) => id),
    { name: 'product', ttl: '1h' },
  )
  const settings = cache.wrap(
    slow(30, () => 'settings'),
    { name: 'settings', ttl: '30s', staleWhileRevalidate: '1m' },
  )
  return (second) => [
    ...times(90, (id) => product(id % 60)),
    ...times(5, (id) => product(60 + 5 * second + id)),
    ...times(5, () => settings()),
  ]
}
