import { expect, test } from 'vitest'
import { bundle } from '../src/workloads/bundle'

/**
 * The size limit, in kB. It is above the goal: raise it only on purpose. It was 27.5 before the parts of the core got longer
 * names and their messages said what to write instead.
 */
const maxSize = 30

test('the bundle of core stays below its size limit', async () => {
  const task = await bundle.prepareTask({
    participant: 'larder',
    effort: { rounds: 1, time: 0, isShort: true },
  } as never)
  const { size } = await task.measureRound(0)
  expect(size).toBeLessThan(maxSize)
})
