import type { Sample } from './family'

interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** How many values each bucket has got, the last one for those beyond all bounds. */
  readonly counts: number[]
  sum: number
}

/** Counts values by bucket, for each set of labels. */
export function createHistogram(bounds: readonly number[]) {
  const series = new Map<string, Series>()

  function seriesOf(labels: Readonly<Record<string, string>>): Series {
    const key = JSON.stringify(labels)
    const known = series.get(key)
    if (known !== undefined) return known
    const made = { labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 }
    series.set(key, made)
    return made
  }

  return {
    record(value: number, labels: Readonly<Record<string, string>>): void {
      const one = seriesOf(labels)
      const at = bounds.findIndex((bound) => value <= bound)
      const bucket = at < 0 ? bounds.length : at
      one.counts[bucket] = (one.counts[bucket] ?? 0) + 1
      one.sum += value
    },

    /** Buckets as Prometheus wants them: each with all that is below its bound. */
    samples(name: string): Sample[] {
      return [...series.values()].flatMap(({ labels, counts, sum }) => {
        let below = 0
        const buckets = counts.map((count, at) => {
          below += count
          return {
            metricName: `${name}_bucket`,
            labels: { ...labels, le: boundText(bounds[at]) },
            value: below,
          }
        })
        return [
          ...buckets,
          { metricName: `${name}_sum`, labels, value: sum },
          { metricName: `${name}_count`, labels, value: below },
        ]
      })
    },
  }
}

export type Histogram = ReturnType<typeof createHistogram>

function boundText(bound: number | undefined): string {
  return bound === undefined ? '+Inf' : String(bound)
}
