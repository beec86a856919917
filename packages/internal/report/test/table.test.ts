import { expect, test } from 'vitest'
import { formatTable } from '../src/index'

test('a table pads each column to its widest cell, the first to the left and the others to the right', () => {
  expect(
    formatTable(
      ['name', 'reads'],
      [
        ['a', '12 345'],
        ['longer', '7'],
      ],
    ),
  ).toBe(
    ['| name   |  reads |', '| ------ | -----: |', '| a      | 12 345 |', '| longer |      7 |'].join('\n'),
  )
})
