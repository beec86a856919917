import { type AuditReport, LarderError } from '@larder/core'
import { describe, expect, test, vi } from 'vitest'
import { type AuditOnScheduleOptions, auditOnSchedule } from '../src/index'
import { createVirtualCache } from './support/caches'

const minute = 60_000

/** A cache with one entry, and a schedule that audits it each hour from 9:58 on. */
async function startAudits(options: Partial<AuditOnScheduleOptions> = {}) {
  const { cache, clock } = createVirtualCache('2026-03-10T09:58:30Z')
  const reports: AuditReport[] = []
  const warnings: string[] = []
  const mismatches: string[] = []
  cache.on('warning', ({ message }) => warnings.push(message))
  cache.on('mismatch', ({ key }) => mismatches.push(key))
  await cache.set('product(1)', 'cached', { ttl: '7d' })
  const source = vi.fn<(key: string) => unknown>(() => 'cached')
  const audits = auditOnSchedule(cache, {
    every: '1h',
    source,
    clock,
    onReport: (report) => void reports.push(report),
    ...options,
  })
  return { cache, clock, source, audits, reports, warnings, mismatches }
}

describe('a scheduled audit', () => {
  test('compares entries at each multiple of its period', async () => {
    const { clock, source, reports } = await startAudits()
    await clock.advance(minute)
    expect(source).not.toHaveBeenCalled()
    await clock.advance(2 * minute)
    expect(source).toHaveBeenCalledTimes(1)
    await clock.advance(120 * minute)
    expect(reports).toMatchObject(Array(3).fill({ compared: 1, different: [] }))
  })

  test('reports an entry that differs from its source, by event and in the counts of the cache', async () => {
    const { cache, clock, source, reports, mismatches } = await startAudits()
    source.mockReturnValue('changed behind the back')
    await clock.advance(3 * minute)
    expect(reports).toMatchObject([{ different: [{ key: 'product(1)' }] }])
    expect(mismatches).toEqual(['product(1)'])
    expect(cache.stats().audited).toEqual({ same: 0, different: 1, passed: 0, failed: 0 })
  })

  test('repairs what it finds with repair: true, so that the next one finds nothing', async () => {
    const { cache, clock, source, mismatches } = await startAudits({ repair: true })
    source.mockReturnValue('changed behind the back')
    await clock.advance(125 * minute)
    expect(mismatches).toHaveLength(1)
    expect(await cache.get('product(1)')).toBeUndefined()
  })

  test('warns if it cannot be made, and goes on at its next time', async () => {
    const { cache, clock, reports, warnings } = await startAudits()
    const audit = vi.spyOn(cache, 'audit').mockRejectedValueOnce(new Error('no keys'))
    await clock.advance(3 * minute)
    expect(warnings).toEqual(['The scheduled audit "audit *" failed: no keys'])
    audit.mockRestore()
    await clock.advance(60 * minute)
    expect(reports).toHaveLength(1)
  })

  test('ends when it is stopped, in the middle of an audit as well', async () => {
    const { cache, clock, source, audits, reports } = await startAudits()
    for (let id = 2; id <= 50; id += 1) await cache.set(`product(${id})`, 'cached', { ttl: '7d' })
    source.mockImplementationOnce(() => {
      audits.stop()
      return 'cached'
    })
    await clock.advance(180 * minute)
    await audits.done
    expect(source).toHaveBeenCalledTimes(1)
    expect(reports).toMatchObject([{ compared: 1 }])
  })

  test('takes place beside another one of the same cache that has another pattern', async () => {
    const { cache, clock, source } = await startAudits({ pattern: 'product(*)' })
    await cache.set('user(1)', 'cached', { ttl: '7d' })
    auditOnSchedule(cache, { every: '1h', pattern: 'user(*)', source, clock })
    await clock.advance(3 * minute)
    expect(source.mock.calls.flat().sort()).toEqual(['product(1)', 'user(1)'])
  })

  test.each([
    [{ every: 0 }, 'every must be a duration above 0'],
    [{ sampel: 5 }, 'Write sample.'],
    [{ source: undefined }, 'source must be a function'],
    [{ signal: AbortSignal.abort() }, 'auditOnSchedule has no option "signal"'],
  ])('with the option %o is refused at once', async (options, message) => {
    const starting = startAudits(options as never)
    await expect(starting).rejects.toThrow(LarderError)
    await expect(starting).rejects.toThrow(message)
  })
})
