import { expect, test } from 'vitest'
import { redisStore } from '../src/index'
import { toStoreError } from '../src/store-error'

const url = 'redis://127.0.0.1'

test.each<[options: unknown, message: RegExp]>([
  [undefined, /redisStore needs a client or a url/],
  [{ url, maxTll: 5 }, /redisStore has no option "maxTll". Write maxTtl\./],
  [{ url, keyPrefix: 'app' }, /no option "keyPrefix". Write prefix\./],
  [{ url, ttl: 5 }, /redisStore has no option "ttl"/],
  [{ redis: {} }, /no option "redis". Write client\./],
  [{ url, prefix: 5 }, /prefix must be a text; got 5/],
  [{ url: 6379 }, /url must be a text; got 6379/],
])('redisStore(%o) answers with what to write', (options, message) => {
  expect(() => redisStore(options as never)).toThrow(message)
})

test.each([
  'http://user:s3cr3t@host:6379',
  'valkey://user:s3cr3t@host:6379',
  'tls://user:s3cr3t@host',
  'redis:/user:s3cr3t@host',
  'redis://user:s3cr3t@host/abc',
  'localhost',
  's3cr3t',
])('the url %s is refused, and a password in it is not shown', (wrong) => {
  const refuse = () => redisStore({ url: wrong })
  expect(refuse).toThrow(/not the URL of a Redis server. Write redis:\/\/user:password@host:6379\/0/)
  expect(refuse).not.toThrow(/s3cr3t/)
})

test('the address in an error of the client reaches events without its user and password', () => {
  const error = new Error('connect ENOENT //user:s3cr3t-Pa55@127.0.0.1:6379')
  expect(toStoreError(error)).toMatchObject({ message: 'Redis: connect ENOENT //***@127.0.0.1:6379' })
})
