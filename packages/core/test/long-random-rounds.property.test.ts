// tier: long
import { test } from 'vitest'
import { assertRandomCalls } from './support/random-calls'
import { assertRandomHistories } from './support/random-histories'

/** In ms. The histories take about twenty minutes on an idle machine. */
const timeout = 3 * 3_600_000

test(
  '20 000 rounds of random calls fail with no error but a LarderError or their own, and return no other values',
  {
    timeout,
  },
  () => assertRandomCalls(20_000),
)

test(
  '20 000 random histories of two processes on one store return no row that is too old, and no foreign error',
  {
    timeout,
  },
  () => assertRandomHistories(20_000),
)
