import { systemClock } from '@larder/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AdminService, startAdminService } from './support/admin-service'

const now = Date.parse('2026-11-29T12:00:00Z')
const clock = { ...systemClock, now: () => now }
const refused = {
  operation: 'redis get',
  message: 'connect ECONNREFUSED 10.0.0.1:6379',
  code: 'ECONNREFUSED',
  count: 1_186,
  firstAt: '2026-11-29T11:50:00.000Z',
  lastAt: '2026-11-29T11:59:58.000Z',
}
const hostile = { ...refused, operation: 'compute', message: '\u001b[2J gone', code: 'E_SOURCE', count: 1 }

let service: AdminService
beforeEach(async () => {
  service = await startAdminService()
})
afterEach(() => service[Symbol.asyncDispose]())

describe('larder errors', () => {
  test('lists the errors of a process with their number, and when they came last and first', async () => {
    service.prepare({ status: 200, body: { errors: [refused, hostile] } })
    expect(await service.runLarder(['errors', '--name', 'shop'], clock)).toMatchObject({
      code: 0,
      output: [
        'last     first       count  operation  error',
        '2 s ago  10 min ago  1 186  redis get  connect ECONNREFUSED 10.0.0.1:6379',
        '2 s ago  10 min ago  1      compute    E_SOURCE: \\u001b[2J gone',
        '',
      ].join('\n'),
    })
    expect(service.requests[0]?.url).toBe('/larder/errors?cache=shop')
  })

  test('says that there are none', async () => {
    service.prepare({ status: 200, body: { errors: [] } })
    expect((await service.runLarder(['errors'])).output).toBe('No errors since the process started.\n')
  })

  test('prints the answer of the service with --json', async () => {
    service.prepare({ status: 200, body: { errors: [refused] } })
    const { output } = await service.runLarder(['errors', '--json'])
    expect(JSON.parse(output)).toEqual({ errors: [refused] })
  })
})
