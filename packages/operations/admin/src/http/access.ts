import type { Access } from '../options'

/**
 * The access that a result of `authorize` grants: exactly `true`, or an object whose `may` is `'read'` or `'write'`.
 * Everything else grants none: what a function returns by mistake must not open the door.
 */
export function toAccess(decision: unknown): Access | undefined {
  if (decision === true) return { may: 'write' }
  if (typeof decision !== 'object' || decision === null) return undefined
  const { may, as } = decision as Partial<Record<keyof Access, unknown>>
  if (may !== 'read' && may !== 'write') return undefined
  return { may, as: typeof as === 'string' ? as : undefined }
}
