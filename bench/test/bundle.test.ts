import { expect, test } from 'vitest'
import { bundle } from '../src/workloads/bundle'

/** In kB. Short of the goal; it may shrink, and grows on purpose only. */
const largest = 27.5

test('the core does not grow unnoticed', async () => {
  const task = await bundle.prepare({
    participant: 'larder',
    effort: { rounds: 1, time: 0, isShort: true },
  } as never)
  const { size } = await task.measure(0)
  expect(size).toBeLessThan(largest)
})
