/**
 * Options of caches whose Redis is well. A cache counts a pause of its own process as a failure of Redis once it exceeds
 * `storeTimeout`: the timer of the deadline falls due before the answer that lies in the socket is read (gate.ts in
 * @larder/core). A busy machine makes such pauses, and a write that was given up is missing afterwards.
 */
export const unhurried = { storeTimeout: '1m' } as const
