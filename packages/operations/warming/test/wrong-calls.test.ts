import { createCache, LarderError } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { expect, test } from 'vitest'
import * as warming from '../src/index'

/** The functions of this package as JavaScript sees them, without types that refuse wrong calls. */
const untyped = warming as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>

const cache = createCache({ name: 'test', store: memoryStore() })
const tasks = () => []

test.each<[name: string, args: readonly unknown[], message: RegExp]>([
  ['warmAtStart', [], /warmAtStart: the cache must be an object such as createCache\({ … }\); got undefined/],
  ['warmAtStart', [cache, [], { deadlin: '1s' }], /warmAtStart has no option "deadlin"\. Write deadline\./],
  ['warmAtStart', [cache, [], '20s'], /warmAtStart takes its options as an object; got '20s'/],
  ['warmAtStart', [cache, []].concat(null as never), /takes its options as an object; got null/],
  ['warmForUser', [new Map(), 'ada', tasks], /warmForUser: the cache must be .* got an instance of Map/],
  ['warmForUser', [cache, 7, tasks], /the id of the user must be a text that is not empty; got 7/],
  ['warmForUser', [cache, 'ada', []], /the third argument must be a function such as .* got an empty list/],
  ['warmForUser', [cache, 'ada', tasks, { maxUser: 1 }], /"maxUser"\. Write maxUsers\./],
  ['warmOnSchedule', [{}, '* * * * *', tasks, { name: 'n' }], /warmOnSchedule: the cache must be/],
  ['warmOnSchedule', [cache, 60, tasks, { name: 'n' }], /the cron expression must be a text; got 60/],
  ['warmOnSchedule', [cache, '* * * * *', tasks], /takes its options as an object; got null/],
  ['warmOnSchedule', [cache, '* * * * *', tasks, {}], /name must be a text that is not empty; got undefined/],
  ['warmOnSchedule', [cache, '* * * * *', tasks, { name: 'n', timeZone: 'UTC' }], /Write timezone\./],
  ['warmOnSchedule', [cache, '* * * * *', [], { name: 'n' }], /the third argument must be a function/],
  ['warmPopular', [], /warmPopular: the cache must be/],
  ['warmPopular', [cache], /the second argument must be a function such as .* got undefined/],
  ['warmPopular', [cache, tasks, { evry: '1m' }], /"evry"\. Write every\./],
  ['warmPopular', [cache, tasks, 100], /takes its options as an object; got 100/],
  ['warmWhenIdle', [undefined, []], /warmWhenIdle: the cache must be/],
  ['warmWhenIdle', [cache, [], { maxUtilisation: 0.5 }], /"maxUtilisation"\. Write maxUtilization\./],
  ['auditOnSchedule', [], /auditOnSchedule: the cache must be/],
  ['auditOnSchedule', [cache], /takes its options as an object; got null/],
  ['progressBar', [], /progressBar: the stream must be an object such as process\.stderr; got undefined/],
  ['progressBar', [process.stderr, { with: 5 }], /"with"\. Write width\./],
])('%s(…%o) answers with what to write', async (name, args, message) => {
  const error = await Promise.resolve()
    .then(() => untyped[name]?.(...args))
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(LarderError)
  expect((error as LarderError).message).toMatch(message)
})
