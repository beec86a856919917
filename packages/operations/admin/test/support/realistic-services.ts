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
