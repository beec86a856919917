/** Milliseconds on the monotonic clock that all processes of a machine share. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/** A period on this clock, in ms. */
export interface Period {
  readonly from: number
  readonly to: number
}
