import type { Service } from './services'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A reproducible sequence of numbers from 0 to 1 (Park and Miller). */
function createRandom() {
  let state = 42
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** A function that takes 10 ms. */
function load<Key, Value>(compute: (key: Key) => Value) {
  return async (key: Key) => {
    await sleep(10)
    return compute(key)
  }
}

const times = <T>(count: number, read: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => read(index))

/**
 * A shop whose process was just deployed: a crowd waits for the first home page, a few of 20 000 products are read often and
 * most seldom, customers have numbers of ten digits, and reports begin at the start of a day.
 */
export const createDeployedShop: Service = (cache) => {
  const random = createRandom()
  const home = cache.wrap(
    load((_: undefined) => 'home'),
    { name: 'home', ttl: '1h' },
  )
  const product = cache.wrap(
    load((id: number) => id),
    { name: 'product', ttl: '1h' },
  )
  const customer = cache.wrap(
    load((id: number) => id),
    { name: 'customer', ttl: '1h' },
  )
  const report = cache.wrap(
    load((day: string) => day),
    { name: 'report', ttl: '1h' },
  )
  return (second) => [
    ...times(second === 0 ? 500 : 5, () => home(undefined)),
    ...times(60, () => product(Math.floor(20_000 ** random()))),
    ...times(10, () => customer(1_763_000_000 + Math.floor(2_000 ** random()))),
    ...times(2, (index) => report(`2026-11-${10 + ((second + index) % 12)}T00:00`)),
  ]
}

/** Sessions without a cart, prices of articles that are sold out, and an account service that is down. */
export const createAccounts: Service = (cache) => {
  const carts = cache.namespace('carts')
  const stock = cache.wrap(
    load((id: number) => {
      if (id % 4 === 0) throw new Error('sold out')
      return id
    }),
    { name: 'stock', ttl: '1h' },
  )
  const account = cache.wrap(
    load(() => {
      throw new Error('unavailable')
    }),
    { name: 'account', ttl: '1h' },
  )
  return (second) => [
    ...times(20, (user) => carts.get(`user:${user}`)),
    ...times(20, (id) => stock((second * 20 + id) % 100)),
    ...times(5, (id) => account(id)),
  ]
}

/** Articles that editors change one by one, by key, while they are read often, and a feed that is always slightly stale. */
export const createNewsroom: Service = (cache) => {
  const article = cache.wrap(
    load((id: number) => id),
    { name: 'article', ttl: '1h' },
  )
  const feed = cache.wrap(
    load((id: number) => id),
    { name: 'feed', ttl: '1s', staleWhileRevalidate: '1m' },
  )
  return (second) => [
    ...times(50, (index) => article(index % 25)),
    ...(second % 5 === 0 ? [article.invalidate(second % 25)] : []),
    ...times(20, (id) => feed(id % 3)),
  ]
}

/**
 * A marketplace with traffic that looks odd and is as it should be: searches with a long tail, carts that one customer reads a
 * few times, flags that are renewed while they are served, and a price list that is replaced softly every half minute.
 */
export const createMarketplace: Service = (cache) => {
  const random = createRandom()
  const search = cache.wrap(
    load((query: number) => query),
    { name: 'search', ttl: '30m' },
  )
  const cart = cache.namespace('carts').wrap(
    load((customer: number) => customer),
    { name: 'cart', ttl: '10m' },
  )
  const flags = cache.wrap(
    load((_: undefined) => 'flags'),
    { name: 'flags', ttl: '2s', staleWhileRevalidate: '1m' },
  )
  const prices = cache.wrap(
    load((page: number) => page),
    { name: 'prices', ttl: '1h', tags: () => ['prices'], staleWhileRevalidate: '1m' },
  )
  return (second) => [
    ...times(30, () => search(Math.floor(3_000 ** random()))),
    ...times(8, (read) => cart(second + (read % 4))),
    ...times(20, () => flags(undefined)),
    ...times(20, (page) => prices(page % 10)),
    ...(second % 30 === 29 ? [cache.invalidate('prices', { mode: 'soft' })] : []),
  ]
}

/** A shop with two defects: the id of the request is in the keys of slow recommendations, and reviews are not kept. */
export const createCarelessShop: Service = (cache) => {
  const recommend = cache.wrap(
    async (user: number, _request: string) => {
      await sleep(200)
      return user
    },
    { name: 'recommend', ttl: '1h' },
  )
  const reviews = cache.wrap(
    load((id: number) => ({ id, reviews: [] as string[] })),
    { name: 'reviews', ttl: '1h', cacheIf: ({ reviews }) => reviews.length > 0 },
  )
  const product = cache.wrap(
    load((id: number) => id),
    { name: 'product', ttl: '1h' },
  )
  return (second) => [
    ...times(5, (user) => recommend(user, `req-${second * 5 + user}`)),
    ...times(10, (id) => reviews(id)),
    ...times(100, (id) => product(id)),
  ]
}

/**
 * A catalogue that is read evenly by day. At night nothing is read for half a minute, and then jobs read most of it at once, with
 * some products that nobody has looked at.
 */
export const createNightJobs: Service = (cache) => {
  const product = cache.wrap(
    load((id: number) => id),
    { name: 'product', ttl: '1h' },
  )
  return (second) => {
    if (second < 5 * 60) return times(20, (id) => product((second * 20 + id) % 300))
    if (second % 30 !== 0) return []
    return [...times(300, (id) => product(id)), ...times(40, (id) => product(300 + second * 2 + id))]
  }
}

/** Pages that read the same basket in four places at once, and each basket for one page. */
export const createBaskets: Service = (cache) => {
  const basket = cache.wrap(
    load((visit: number) => visit),
    { name: 'basket', ttl: '1h' },
  )
  return (second) => times(8, (place) => basket(second * 2 + (place % 2)))
}
