import { systemClock } from '@larder/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommandLine } from '../src/run-command-line'
import { type AdminService, startAdminService } from './support/admin-service'
import { createFakeTerminal } from './support/terminal'

const startedAt = '2026-11-29T12:00:00.000Z'
const ok = (body: object) => ({ status: 200, body })

let service: AdminService
beforeEach(async () => {
  service = await startAdminService()
})
afterEach(() => service[Symbol.asyncDispose]())

/** Runs a command line whose waits take no time. `answer` is what a person types. */
async function run(argv: readonly string[], answer?: string) {
  const clock = { ...systemClock, timeout: (_: number, wake: () => void) => systemClock.timeout(0, wake) }
  const terminal = createFakeTerminal(answer === undefined ? {} : { answer })
  const code = await runCommandLine(argv, service.environment, terminal, clock)
  return { code, output: terminal.output, hints: terminal.hints.join('\n') }
}

const sent = () => service.bodies.map((body) => (body === '' ? undefined : JSON.parse(body)))

describe('larder audit', () => {
  const different = [{ key: 'price(7)', age: 60_000, tags: ['prices'] }]
  const report = { compared: 100, different, passed: 1, failed: 0, duration: 1_200, repair: false }
  const same = { ...report, different: [], passed: 0 }
  const started = ok({ name: 'prices', startedAt })
  const ended = (its: object) =>
    ok({ names: ['prices'], audits: [{ name: 'prices', startedAt, report: its }] })

  test('waits for the report, lists what differs, and fails', async () => {
    const running = ok({ names: ['prices'], audits: [{ name: 'prices', startedAt }] })
    service.prepare(started, running, ended(report))
    expect(await run(['audit', 'prices', '--sample', '100'])).toEqual({
      code: 1,
      hints: '',
      output: [
        'prices: 1 of 100 entries differ from their source; 1.2 s.',
        '1 were replaced before they could be compared.',
        '',
        'key       computed   tags',
        'price(7)  1 min ago  prices',
        '',
      ].join('\n'),
    })
    expect(sent()[0]).toEqual({ name: 'prices', sample: 100, repair: false })
    expect(service.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /larder/audit',
      'GET /larder/audit',
      'GET /larder/audit',
    ])
  })

  test('succeeds if nothing differs, by the only audit there is', async () => {
    service.prepare(ok({ names: ['prices'], audits: [] }), started, ended(same))
    const { code, output } = await run(['audit', '--json'])
    expect([code, JSON.parse(output)]).toEqual([0, { name: 'prices', ...same, repair: false }])
  })

  test('names the audits if there are several, and says how to offer one', async () => {
    service.prepare(ok({ names: ['prices', 'users'], audits: [] }), ok({ names: [], audits: [] }))
    const several = await run(['audit'])
    expect(several.hints).toContain('There are several audits: prices, users. Write: larder audit prices')
    const none = await run(['audit'])
    expect(none.hints).toContain('adminHandler({ audits: { … } })')
    expect([several.code, none.code]).toEqual([2, 2])
  })

  test('--repair counts what differs, and deletes it once that is confirmed', async () => {
    service.prepare(started, ended(report), started, ended({ ...report, repair: true }))
    const { code, output, hints } = await run(['audit', 'prices', '--repair'], 'yes')
    expect(hints).toBe(
      '1 of 100 entries differ from their source. A sample is compared again, and what differs is deleted. Type yes to confirm: ',
    )
    expect(output).toMatch(/^prices: 1 of 100 entries differ from their source and are deleted; 1\.2 s\.\n/)
    expect(code).toBe(0)
    expect(sent().flatMap((body) => body?.repair ?? [])).toEqual([false, true])
  })

  test('--repair deletes nothing without the confirmation, and asks none where nothing differs', async () => {
    service.prepare(started, ended(report), started, ended(same))
    expect(await run(['audit', 'prices', '--repair'], 'no')).toMatchObject({ code: 1, output: '' })
    expect(await run(['audit', 'prices', '--repair'], 'no')).toMatchObject({ code: 0, hints: '' })
    expect(sent().flatMap((body) => body?.repair ?? [])).toEqual([false, false])
    expect(await run(['audit', 'prices', '--repair'])).toMatchObject({ code: 2 })
  })
})

test('larder sweep prints how many entries were removed', async () => {
  service.prepare(
    ok({ name: 'sweep', startedAt }),
    // Another process answers: it has no sweep, or an earlier one.
    ok({}),
    ok({
      sweep: { name: 'sweep', startedAt: '2026-11-28T12:00:00.000Z', report: { removed: 7, duration: 1 } },
    }),
    ok({ sweep: { name: 'sweep', startedAt, report: { removed: 1_204, duration: 90 } } }),
  )
  expect(await run(['sweep'])).toMatchObject({
    code: 0,
    output: 'Removed 1 204 entries that could not be served again; 90 ms.\n',
  })
})

describe('larder warm', () => {
  const ended = (name: string, report: object) => ok({ warmUps: [{ name, startedAt, report }] })
  const report = { done: 3, failed: 0, failures: [], duration: 40, wasStopped: false }

  test('calls a function once for each argument, which is JSON or text', async () => {
    service.prepare(ok({ name: 'price()', startedAt }), ended('price()', report))
    const { code, output } = await run(['warm', 'price', '42', 'EUR', '["USD", 7]'])
    expect(sent()[0]).toEqual({ function: 'price', arguments: [[42], ['EUR'], ['USD', 7]] })
    expect([code, output]).toEqual([0, 'price: 3 values computed, 0 failed; 40 ms.\n'])
  })

  test('runs a warm-up of the application without arguments, and fails if a call of it does', async () => {
    const failed = { ...report, failed: 1, failures: ['connect ECONNREFUSED'] }
    service.prepare(ok({ name: 'bestsellers', startedAt }), ended('bestsellers', failed))
    const { code, output } = await run(['warm', 'bestsellers'])
    expect(sent()[0]).toEqual({ name: 'bestsellers' })
    expect([code, output]).toEqual([
      1,
      'bestsellers: 3 values computed, 1 failed; 40 ms.\n  connect ECONNREFUSED\n',
    ])
  })

  test('makes at most 500 calls', async () => {
    const { code, hints } = await run(['warm', 'price', ...Array.from({ length: 501 }, String)])
    expect([code, hints]).toEqual([2, 'larder: 501 calls are too many. Write: at most 500 at a time'])
    expect(service.requests).toEqual([])
  })
})

test('a job that is refused, that fails, or whose process does not answer is an error', async () => {
  service.prepare({ status: 409, body: { detail: 'The audit "prices" is running.' } })
  expect((await run(['audit', 'prices'])).hints).toMatch(/answered 409: The audit "prices" is running\.$/)
  service.prepare(
    ok({ name: 'sweep', startedAt }),
    ok({ sweep: { name: 'sweep', startedAt, failure: 'gone' } }),
  )
  expect(await run(['sweep'])).toMatchObject({ code: 1, hints: 'larder: sweep failed: gone' })
  service.prepare(ok({ name: 'sweep', startedAt }), ...Array.from({ length: 40 }, () => ok({})))
  expect((await run(['sweep'])).hints).toContain('only other processes answer')
})
