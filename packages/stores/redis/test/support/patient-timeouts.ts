/**
 * Options for caches whose Redis works: a `storeTimeout` that no stall of the test's own process exceeds.
 *
 * They avoid a fault of the resilience policy in `@larder/core`, which counts a stall of the event loop as a failure of the
 * store: after a stall that is longer than `storeTimeout`, the timer of the timeout fires before the reply that is already
 * in the socket is read. A busy machine causes such stalls, and the write that timed out is then missing. Remove these
 * options when that is fixed.
 */
export const patientTimeouts = { storeTimeout: '1m' } as const
