import { isSendable } from '../fields/sendable'
import { type StoredResponse, storedVersion } from './stored-response'

/** Values that have been checked, so that a hit costs one look-up. */
const checked = new WeakSet<object>()

/**
 * The stored response, if it is one that this version of the code has stored and every server can send. Undefined for
 * everything else: what another version, another program or an attacker has written is a miss.
 */
export function readStored(value: unknown): StoredResponse | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (checked.has(value)) return value as StoredResponse
  if (!isStoredResponse(value)) return undefined
  checked.add(value)
  return value
}

const numbers = [
  'originFieldCount',
  'responseTime',
  'initialAge',
  'lifetime',
  'staleWhileRevalidate',
  'staleIfError',
] as const

const flags = ['isShareable', 'requiresValidation', 'allowsStale'] as const

function isStoredResponse(value: object): value is StoredResponse {
  const stored: Partial<Record<keyof StoredResponse, unknown>> = value
  if (stored.version !== storedVersion || !isFinalStatus(stored.status)) return false
  if (!numbers.every((name) => typeof stored[name] === 'number' && !Number.isNaN(stored[name]))) return false
  if (!flags.every((name) => typeof stored[name] === 'boolean')) return false
  if (!isTextList(stored.tags) || !isTextList(stored.removedNames)) return false
  if (!isPairList(stored.fields) || !isPairList(stored.selectors)) return false
  if (!(stored.body instanceof Uint8Array)) return false
  return isSendable(stored.fields, stored.body.length)
}

const isFinalStatus = (status: unknown) =>
  Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599

const isText = (value: unknown) => typeof value === 'string'

const isTextList = (value: unknown) => Array.isArray(value) && value.every(isText)

function isPairList(value: unknown): value is StoredResponse['fields'] {
  return Array.isArray(value) && value.every((pair) => isTextList(pair) && (pair as unknown[]).length === 2)
}
