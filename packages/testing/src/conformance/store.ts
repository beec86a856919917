import { ok } from 'node:assert/strict'
import type { Check } from './check'

/** What every store promises, whatever it has. */
export const storeChecks: readonly Check[] = [
  {
    promise: 'it has a place to keep entries',
    async run({ open }) {
      const { local, shared } = open()
      ok(local !== undefined || shared.length > 0, 'It has a local tier or a shared one.')
    },
  },
  {
    promise: 'it can be opened, closed and opened again',
    async run({ open }) {
      await open('one').close()
      await open('one').close()
    },
  },
]
