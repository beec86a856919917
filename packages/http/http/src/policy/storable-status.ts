/**
 * Status codes whose responses are never stored as they are: parts (206) and confirmations (304) are not whole responses,
 * and the others answer one client about its own requests (RFC 6585 §3 to §6).
 */
const unstorable = new Set([206, 304, 428, 429, 431, 511])

/** Whether a final response with this status may be stored. */
export function isStorableStatus(status: number): boolean {
  return status >= 200 && !unstorable.has(status)
}
