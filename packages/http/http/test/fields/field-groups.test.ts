import { describe, expect, test } from 'vitest'
import { httpCache, serveWeb } from '../../src'
import { createGroupFinder, everyGroup, fieldGroup } from '../../src/fields/field-groups'
import { memoryCache } from '../support/memory-cache'

describe('the groups of which a request may have a field', () => {
  const findGroups = createGroupFinder(['authorization', 'cookie', 'x-api-key'])

  test('are those of its names', () => {
    expect(findGroups(['host', 'user-agent'])).toBe(0)
    expect(findGroups(['pragma', 'x-api-key'])).toBe(fieldGroup.directive | fieldGroup.credential)
    expect(findGroups(['if-none-match', 'forwarded'])).toBe(fieldGroup.condition | fieldGroup.rewrite)
    expect(findGroups(['accept', 'content-length'])).toBe(fieldGroup.accept | fieldGroup.obstacle)
  })

  test('are all of them if its names are not known', () => {
    const named = Object.values(fieldGroup).reduce((groups: number, group) => groups | group, 0)
    expect(findGroups(undefined)).toBe(everyGroup)
    expect(named).toBe(everyGroup)
  })

  test('are both of a name that is in two', () => {
    const findOwn = createGroupFinder(['x-forwarded-host'])
    expect(findOwn(['x-forwarded-host'])).toBe(fieldGroup.rewrite | fieldGroup.credential)
  })
})

test('a request whose names are known is asked for no field that it does not have, but for its host', async () => {
  const responses = httpCache<Request>({ cache: memoryCache(), ttl: '1m' })
  const asked: string[] = []
  const send = async () => {
    const request = new Request('http://a/page', { headers: { host: 'a' } })
    const headers = {
      get(name: string) {
        asked.push(name)
        return request.headers.get(name)
      },
    }
    const exchange = { request, source: request, headers, fieldNames: [...request.headers.keys()] }
    const next = () => new Response('page')
    return (await serveWeb(responses, { ...exchange, exposeHints: () => undefined, next })).text()
  }
  await send()
  asked.length = 0
  await send()
  expect(new Set(asked)).toEqual(new Set(['host']))
})
