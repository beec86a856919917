import { ok } from 'node:assert/strict'
import type { Check } from './check'

/** The contract of every store, independent of its parts. */
export const storeChecks: readonly Check[] = [
  {
    guarantee: 'the store has a local tier or a shared tier',
    async verifyStore({ open }) {
      const { local, shared } = open()
      ok(local !== undefined || shared.length > 0, 'The store must have a local tier or a shared tier.')
    },
  },
  {
    guarantee: 'the store can be opened, closed and opened again',
    async verifyStore({ open }) {
      await open('one').close()
      await open('one').close()
    },
  },
]
