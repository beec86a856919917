import { parseInfo } from '@larder/redis/kit'
import { describe, expect, test } from 'vitest'
import { checkConnections } from '../src/doctor/connections'
import { checkPersistence } from '../src/doctor/persistence'
import { checkClock, checkLatency } from '../src/doctor/round-trips'
import { rateSentinels } from '../src/doctor/sentinels'
import { rateReplication } from '../src/doctor/topology'
import { checkVersion } from '../src/doctor/version'

const info = (...lines: string[]) => parseInfo(`# Section\r\n${lines.join('\r\n')}\r\n`)

describe('a check of a state that no test server can be put into', () => {
  test.each([
    ['redis_version:6.2.14', 'fail'],
    ['redis_version:7.0.0', 'ok'],
    ['redis_version:10.1.0', 'ok'],
    ['redis_version:7.2.4\r\nvalkey_version:8.0.1', 'ok'],
    ['server_name:other', 'unknown'],
  ])('rates the version %j as %s', (line, status) => {
    expect(checkVersion(info(line)).status).toBe(status)
  })

  test('warns of a median round trip above 5 ms', () => {
    expect(checkLatency({ median: 4.9, max: 80, ahead: 0 }).status).toBe('ok')
    expect(checkLatency({ median: 5.1, max: 5.2, ahead: 0 })).toMatchObject({ status: 'warn' })
  })

  test('warns of a single round trip above 100 ms', () => {
    expect(checkLatency({ median: 0.2, max: 163, ahead: 0 })).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('SLOWLOG'),
    })
  })

  test('warns of clocks more than a second apart, and says which one is ahead', () => {
    expect(checkClock({ median: 1, max: 1, ahead: -900 })).toMatchObject({ status: 'ok' })
    expect(checkClock({ median: 1, max: 1, ahead: -90_000 })).toMatchObject({
      status: 'warn',
      found: expect.stringContaining('1.5 min behind this machine'),
    })
    expect(checkClock({ median: 1, max: 1, ahead: 1_500 }).status).toBe('warn')
  })

  test('warns if hardly a connection is left', async () => {
    const almostFull = info('connected_clients:9100', 'maxclients:10000')
    expect(await checkConnections(undefined as never, almostFull)).toMatchObject({
      status: 'warn',
      found: '9 100 of 10 000 connections in use: further processes will be refused.',
    })
  })

  test('fails if the last write to disk failed', async () => {
    const broken = info('rdb_last_bgsave_status:err', 'aof_enabled:0')
    expect(await checkPersistence(undefined as never, broken)).toMatchObject({ status: 'fail' })
  })

  test('warns of a replica that is silent or not online yet', () => {
    const primary = (replica: string) =>
      rateReplication(
        info(
          'role:master',
          'connected_slaves:1',
          `slave0:ip=10.0.0.2,port=6379,${replica}`,
          'master_repl_offset:2048',
          'min_slaves_good_slaves:1',
        ),
      )
    expect(primary('state=online,offset=1024,lag=1')).toEqual({
      status: 'ok',
      found: '10.0.0.2:6379 online, 1 kB behind, heard 1 s ago',
    })
    expect(primary('state=online,offset=1024,lag=9').status).toBe('warn')
    expect(primary('state=wait_bgsave,offset=0,lag=0').status).toBe('warn')
  })

  test('warns of two Sentinels, and of fewer listeners than processes', () => {
    const state = {
      primaryName: 'shop',
      sentinels: 3,
      quorum: 2,
      downAfter: 30_000,
      listeners: 4,
      followers: 2,
    }
    expect(rateSentinels(state)).toEqual({
      status: 'ok',
      found: '3 Sentinels watch "shop", quorum 2, down after 30 s',
    })
    expect(rateSentinels({ ...state, sentinels: 2 }).found).toContain('no majority is left')
    expect(rateSentinels({ ...state, listeners: 1 }).advice).toContain('failoverDetector: true')
  })
})
