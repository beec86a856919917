import { expect, test } from 'vitest'
import { type ProgressStream, progressBar } from '../src/index'

function createStream(isTTY: boolean): ProgressStream & { written: string[] } {
  const written: string[] = []
  return { isTTY, written, write: (text) => written.push(text) }
}

const progressTo = (count: number, total: number | undefined) =>
  Array.from({ length: count }, (_, index) => ({
    done: index + 1,
    failed: 0,
    total,
    elapsed: (index + 1) * 10,
  }))

test('a terminal shows a bar that is redrawn in place, and a line feed at the end', () => {
  const stream = createStream(true)
  progressTo(4, 4).forEach(progressBar(stream, { width: 8 }))
  expect(stream.written).toEqual([
    '\rWarming [##......] 25 %, 1 of 4, 0 s',
    '\rWarming [####....] 50 %, 2 of 4, 0 s',
    '\rWarming [######..] 75 %, 3 of 4, 0 s',
    '\rWarming [########] 100 %, 4 of 4, 0 s\n',
  ])
})

test('a stream that is not a terminal gets a line per 10 %', () => {
  const stream = createStream(false)
  progressTo(1_000, 1_000).forEach(progressBar(stream, { label: 'Products' }))
  expect(stream.written).toHaveLength(10)
  expect(stream.written[0]).toBe('Products: 10 %, 100 of 1000, 1 s\n')
  expect(stream.written.at(-1)).toBe('Products: 100 %, 1000 of 1000, 10 s\n')
})

test('the tasks are counted if their total is unknown', () => {
  const terminal = createStream(true)
  const log = createStream(false)
  progressTo(2_500, undefined).forEach(progressBar(log))
  progressTo(2, undefined).forEach(progressBar(terminal))
  expect(log.written).toEqual(['Warming: 1000 done, 10 s\n', 'Warming: 2000 done, 20 s\n'])
  expect(terminal.written).toEqual(['\rWarming 1 done, 0 s', '\rWarming 2 done, 0 s'])
})

test('failures are shown', () => {
  const stream = createStream(false)
  progressBar(stream)({ done: 7, failed: 3, total: 10, elapsed: 0 })
  expect(stream.written).toEqual(['Warming: 100 %, 10 of 10, 3 failed, 0 s\n'])
})

test('a shorter text overwrites all of a longer one', () => {
  const stream = createStream(true)
  const draw = progressBar(stream, { width: 1 })
  draw({ done: 0, failed: 1, total: 1_000, elapsed: 0 })
  draw({ done: 1, failed: 0, total: 1_000, elapsed: 0 })
  expect(stream.written[1]?.length).toBe(stream.written[0]?.length)
})
