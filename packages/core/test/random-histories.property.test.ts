import { test } from 'vitest'
import { assertRandomHistories } from './support/random-histories'

test('random histories of two processes on one store return no row that is too old, and no foreign error', () =>
  assertRandomHistories(25))
