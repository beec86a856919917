import { LarderError } from '@larder/core'
import { describe, expect, test } from 'vitest'
import type { Connection } from '../src/connection'
import { createInvalidationLog } from '../src/invalidation-log'
import { parseMessage } from '../src/log-replies'
import type { MessageHub } from '../src/message-hub'
import { namesOf } from '../src/names'

const [log, term, previous, position] = [
  281_474_976_710_655, 12, 1_795_218_366_894_123, 1_795_218_366_894_124,
]

describe('a pushed append', () => {
  test('names its log, its term, the position before it and its own', () => {
    expect(parseMessage(`v2 ${log} ${term} ${previous} ${position} ["Tuser:7","k\u{1f600}"]`)).toEqual({
      log,
      previous: { position: previous, term },
      cursor: { position, term },
      records: [
        { scope: 'tag', mode: 'hard', name: 'user:7', position },
        { scope: 'key', mode: 'soft', name: '\u{1f600}', position },
      ],
    })
  })

  test.each([
    ['is empty', ''],
    ['is of an earlier version', `${previous} a ${position} b ["A"]`],
    ['is not JSON', `v2 1 1 1 2 [x]`],
    ['has a member that is null', 'v2 1 1 1 2 [null]'],
    ['has a member that is a number', 'v2 1 1 1 2 [5]'],
    ['has a member that is an object', 'v2 1 1 1 2 [{}]'],
    ['has a position of many digits', `v2 1 1 1 ${'9'.repeat(400)} ["A"]`],
    ['is a million brackets', `v2 1 1 1 2 ${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
    ['has no members', 'v2 1 1 1 2'],
  ])('that %s is no message, and throws nothing', (_, text) => {
    expect(parseMessage(text)).toBeUndefined()
  })
})

test('a reply of another call is refused, and the connection is replaced', async () => {
  let reconnects = 0
  const connection: Connection = {
    client: undefined as never,
    connectionId: 1,
    sendCommand: async () => undefined,
    runScript: async () => ['7', '1', '1', 5, 5, 0, 0, 1, 0, 5, [], [], 0, '', ''],
    runScripts: async () => [],
    createPipelines: () => () => undefined as never,
    reconnect() {
      reconnects += 1
    },
    whenReady: (work) => work(),
  }
  const hub: MessageHub = { listenTo: () => () => undefined }
  const retention = { tagRetention: 1, keyRetention: 1 }
  const names = namesOf('larder', 'test')
  const invalidationLog = createInvalidationLog({
    connection,
    hub,
    names,
    tagSeparator: undefined,
    maxRecords: 10,
    ...retention,
  })
  await expect(invalidationLog.append([], undefined)).rejects.toBeInstanceOf(LarderError)
  expect(reconnects).toBe(1)
})
