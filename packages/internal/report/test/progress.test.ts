import { expect, test } from 'vitest'
import { startProgress } from '../src/index'

function startOn(isTTY: boolean) {
  const written: string[] = []
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) }
  return { written, progress: startProgress('loading', stream as unknown as NodeJS.WriteStream) }
}

test('outside a terminal, progress is one line at the beginning', () => {
  const { written, progress } = startOn(false)
  progress.update(0.5)
  progress.clear()
  expect(written).toEqual(['loading …\n'])
})

test('in a terminal, a bar is redrawn on its own line, and only when it changes', () => {
  const { written, progress } = startOn(true)
  progress.update(0, 'first')
  progress.update(0, 'first')
  progress.update(1, 'last')
  progress.clear()
  expect(written).toHaveLength(3)
  expect(written[0]?.startsWith('\r\u001b[Kloading')).toBe(true)
  expect(written[0]).toMatch(/░{30} {2}first$/)
  expect(written[1]).toMatch(/█{30} {2}last$/)
  expect(written[2]).toBe('\r\u001b[K')
})
