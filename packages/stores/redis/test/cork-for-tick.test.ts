import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { RedisClient } from '../src/client'
import { corkForTick } from '../src/cork-for-tick'

/** A client that writes each command to its socket, and the commands of each write of the socket. */
function createClient() {
  const writes: number[] = []
  const stream = new Writable({
    writev(chunks, callback) {
      writes.push(chunks.length)
      callback()
    },
    write(_chunk, _encoding, callback) {
      writes.push(1)
      callback()
    },
  })
  const client = { stream } as unknown as RedisClient
  const send = (commands: number) => {
    for (let command = 0; command < commands; command += 1) {
      corkForTick(client)
      stream.write('PING')
    }
  }
  return { send, writes }
}

test('the commands of a tick are written sixteen at a time, the rest of them at its end', async () => {
  const { send, writes } = createClient()
  send(40)
  expect(writes).toEqual([16, 16])
  await new Promise((resolve) => setImmediate(resolve))
  expect(writes).toEqual([16, 16, 8])
  send(1)
  await new Promise((resolve) => setImmediate(resolve))
  send(2)
  await new Promise((resolve) => setImmediate(resolve))
  expect(writes).toEqual([16, 16, 8, 1, 2])
})

test('a socket that was corked by somebody else is left alone', () => {
  const stream = new Writable()
  stream.cork()
  for (let command = 0; command < 20; command += 1) corkForTick({ stream } as unknown as RedisClient)
  expect(stream.writableCorked).toBe(1)
})
