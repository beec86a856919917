import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@larder/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommandLine } from '../src/run-command-line'
import { createFakeTerminal } from './support/terminal'

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

/** A service whose admin API answers with these, one after the other. */
let answers: { status: number; body: unknown }[] = []
let requests: IncomingMessage[] = []
const server = createServer((request, response) => {
  requests.push(request)
  const { status, body } = answers.shift() ?? { status: 404, body: {} }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

beforeEach(async () => {
  answers = []
  requests = []
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function runAdvise(...argv: string[]) {
  const terminal = createFakeTerminal()
  const waits: number[] = []
  const clock = {
    ...systemClock,
    timeout(ms: number, callback: () => void) {
      waits.push(ms)
      return systemClock.timeout(0, callback)
    },
  }
  const environment = {
    LARDER_ADMIN: `http://127.0.0.1:${(server.address() as AddressInfo).port}/larder`,
    LARDER_AUTHORIZATION: 'Bearer secret',
  }
  const code = await runCommandLine(['advise', ...argv], environment, terminal, clock)
  return { code, output: terminal.output, hints: terminal.hints.join('\n'), waits }
}

describe('larder advise', () => {
  test('prints each advice with its evidence, its cost and the option, without a Redis server', async () => {
    answers = [{ status: 200, body: ready }]
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
    expect(requests[0]?.url).toBe('/larder/advice?cache=shop')
    expect(requests[0]?.headers.authorization).toBe('Bearer secret')
  })

  test.each([
    [{ status: 'outage', elapsed: 0, advice: [] }, 'the store does not respond'],
    [{ status: 'waiting', elapsed: 5_000, advice: [] }, 'No advice yet: a minute is needed, and 5 s'],
    [{ status: 'ready', elapsed: 61_000, advice: [] }, 'calls for a change'],
  ])('says why there is no advice: %s', async (body, message) => {
    answers = [{ status: 200, body }]
    expect((await runAdvise()).output).toContain(message)
  })

  test('asks, waits and asks again with --for', async () => {
    answers = [
      { status: 200, body: { ...ready, status: 'waiting', advice: [] } },
      { status: 200, body: ready },
    ]
    const { output, waits } = await runAdvise('--for', '1m', '--json')
    expect(JSON.parse(output)).toEqual(ready)
    expect(waits).toEqual([60_000])
  })

  test('fails with the reason that the service gives, and without the credentials', async () => {
    answers = [{ status: 403, body: { detail: 'You are not allowed to operate these caches.' } }]
    const refused = await runAdvise()
    expect(refused.hints).toMatch(/^larder: 127\.0\.0\.1:\d+ answered 403: You are not allowed/)
    const away = await runAdvise('--admin', 'http://someone:hidden@127.0.0.1:1/larder')
    expect(away.hints).toMatch(/^larder: Cannot read advice of the admin API at 127\.0\.0\.1:1: /)
    expect(away.hints).not.toContain('hidden')
    expect([refused.code, away.code]).toEqual([1, 1])
  })
})
