// tier: long
import { test } from 'vitest'
import { assertRandomCalls } from './support/random-calls'
import { assertRandomHistories } from './support/random-histories'

test('20 000 rounds of random calls fail with no error but a LarderError or their own, and return no other values', () =>
  assertRandomCalls(20_000))

test('20 000 random histories of two processes on one store return no row that is too old, and no foreign error', () =>
  assertRandomHistories(20_000))
