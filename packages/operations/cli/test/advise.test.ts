import { systemClock } from '@larder/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AdminService, startAdminService } from './support/admin-service'

const ready = {
  status: 'ready',
  elapsed: 900_000,
  advice: [
    {
      id: 'longer-ttl',
      function: 'rates',
      option: 'ttl',
      title: 'The values of rates expire before they are read again',
      evidence: '97 % of 165 misses found an entry whose ttl had passed.',
      advice: 'Raise its ttl.',
      cost: 3_300,
    },
  ],
}

let service: AdminService
beforeEach(async () => {
  service = await startAdminService()
})
afterEach(() => service[Symbol.asyncDispose]())

async function runAdvise(...argv: string[]) {
  const waits: number[] = []
  const clock = {
    ...systemClock,
    timeout(ms: number, callback: () => void) {
      waits.push(ms)
      return systemClock.timeout(0, callback)
    },
  }
  return { ...(await service.runLarder(['advise', ...argv], clock)), waits }
}

describe('larder advise', () => {
  test('prints each advice with its evidence, its cost and the option, without a Redis server', async () => {
    service.prepare({ status: 200, body: ready })
    expect(await runAdvise('--name', 'shop')).toMatchObject({
      code: 0,
      output: [
        'Observed for 15 min; what costs most comes first.',
        '',
        'longer-ttl: The values of rates expire before they are read again',
        '  97 % of 165 misses found an entry whose ttl had passed. Callers waited 3.3 s.',
        '  ttl -> Raise its ttl.',
        '',
      ].join('\n'),
    })
    expect(service.requests[0]?.url).toBe('/larder/advice?cache=shop')
    expect(service.requests[0]?.headers.authorization).toBe('Bearer secret')
  })

  test.each([
    [{ status: 'outage', elapsed: 0, advice: [] }, 'the store does not respond'],
    [
      { status: 'waiting', elapsed: 5_000, advice: [] },
      'a minute is needed, and 5 s were observed. Ask again, or write --for 1m.',
    ],
    [{ status: 'ready', elapsed: 61_000, advice: [] }, 'calls for a change'],
  ])('says why there is no advice: %s', async (body, message) => {
    service.prepare({ status: 200, body })
    expect((await runAdvise()).output).toContain(message)
  })

  test('asks, says that it waits, and asks again with --for', async () => {
    service.prepare(
      { status: 200, body: { ...ready, status: 'waiting', advice: [] } },
      { status: 200, body: ready },
    )
    const { output, hints, waits } = await runAdvise('--for', '1m', '--json')
    expect(JSON.parse(output)).toEqual(ready)
    expect(waits).toEqual([60_000])
    expect(hints).toBe('Observing for 1 min …')
  })

  test('fails with the reason that the service gives, and without the credentials', async () => {
    service.prepare({ status: 403, body: { detail: 'You are not allowed to operate these caches.' } })
    const refused = await runAdvise()
    expect(refused.hints).toMatch(/^larder: 127\.0\.0\.1:\d+ answered 403: You are not allowed/)
    const away = await runAdvise('--admin', 'http://someone:hidden@127.0.0.1:1/larder')
    expect(away.hints).toMatch(/^larder: Cannot read advice of the admin API at 127\.0\.0\.1:1: /)
    expect(away.hints).not.toContain('hidden')
    expect([refused.code, away.code]).toEqual([1, 1])
  })

  test.each([
    [503, '<h1>Service Unavailable</h1>', /answered 503: no reason given/],
    [200, '<h1>Sign in</h1>', /answered with text\/html, not with JSON\. --admin must be the address/],
    [200, { hello: 'world' }, /answered without "advice"\. --admin must be the address/],
    [200, [1, 2], /answered without "advice"/],
  ])('tells another answer from one of the admin API: %i %j', async (status, body, message) => {
    service.prepare({ status, body })
    const { code, output, hints } = await runAdvise('--json')
    expect(JSON.parse(hints)).toEqual({ error: expect.stringMatching(message) })
    expect({ code, output }).toEqual({ code: 1, output: '' })
  })
})
