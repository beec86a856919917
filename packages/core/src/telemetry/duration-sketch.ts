/** Bounds grow by this factor, so that an estimate is off by at most a ninth (DDSketch, Masson et al. 2019). */
const growth = 1.25
/** The last bucket holds everything from 1.7 hours on, the first one everything up to 1 ms. */
const bucketCount = 72
/** The age at which a duration counts half, in ms: a source that was slow is forgotten after five minutes. */
const halfLife = 60_000
/** Weights are rescaled before they leave the range in which doubles are exact. */
const maxHalfLives = 30

const bucketOf = (duration: number) =>
  Math.min(bucketCount - 1, Math.max(0, Math.ceil(Math.log(duration) / Math.log(growth))))

/** The duration in the middle of a bucket, in ms. */
const durationOf = (bucket: number) => (2 * growth ** bucket) / (growth + 1)

/**
 * Durations of computations, in ms, as weights by bucket: a fixed half kilobyte, however many there are. Older ones count
 * less; instead of decreasing their weight, new ones are given more (forward decay, Cormode et al. 2009).
 */
export function createDurationSketch() {
  const weights = new Float64Array(bucketCount)
  let landmark = 0

  const weightAt = (now: number) => 2 ** ((now - landmark) / halfLife)

  function rescale(now: number): void {
    const divisor = weightAt(now)
    for (let bucket = 0; bucket < bucketCount; bucket += 1) weights[bucket] = (weights[bucket] ?? 0) / divisor
    landmark = now
  }

  return {
    /** `now`, in ms of the monotonic clock, never decreases. */
    add(duration: number, now: number): void {
      if (now - landmark > maxHalfLives * halfLife) rescale(now)
      const bucket = bucketOf(duration)
      weights[bucket] = (weights[bucket] ?? 0) + weightAt(now)
    },
    /** The weight of a bucket at this moment. */
    weightOf: (bucket: number, now: number) => (weights[bucket] ?? 0) / weightAt(now),
  }
}

export type DurationSketch = ReturnType<typeof createDurationSketch>

/** The duration that this share of the recent computations does not exceed, of all sketches together; 0 if there are none. */
export function estimateQuantile(sketches: readonly DurationSketch[], share: number, now: number): number {
  const weights = Array.from({ length: bucketCount }, (_, bucket) =>
    sketches.reduce((sum, sketch) => sum + sketch.weightOf(bucket, now), 0),
  )
  let rest = share * weights.reduce((sum, weight) => sum + weight, 0)
  if (rest === 0) return 0
  const found = weights.findIndex((weight) => {
    rest -= weight
    return rest <= 0
  })
  return durationOf(found < 0 ? bucketCount - 1 : found)
}
