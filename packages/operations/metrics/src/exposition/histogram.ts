import type { Sample } from './family'

interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** The number of values in each bucket, which are not cumulative here. The last bucket is unbounded. */
  readonly counts: number[]
  sum: number
}

/** Counts values by bucket, separately for each set of labels. `bounds` are inclusive upper bounds, ascending. */
export function createHistogram(bounds: readonly number[]) {
  const seriesByLabels = new Map<string, Series>()

  function seriesOf(labels: Readonly<Record<string, string>>): Series {
    const key = JSON.stringify(labels)
    const existing = seriesByLabels.get(key)
    if (existing !== undefined) return existing
    const series = { labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 }
    seriesByLabels.set(key, series)
    return series
  }

  return {
    recordValue(value: number, labels: Readonly<Record<string, string>>): void {
      const series = seriesOf(labels)
      const index = bounds.findIndex((bound) => value <= bound)
      const bucket = index < 0 ? bounds.length : index
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
      series.sum += value
    },

    /** The samples of all series, with cumulative buckets as Prometheus requires. */
    samplesOf(name: string): Sample[] {
      return [...seriesByLabels.values()].flatMap(({ labels, counts, sum }) => {
        let cumulativeCount = 0
        const buckets = counts.map((count, index) => {
          cumulativeCount += count
          return {
            metricName: `${name}_bucket`,
            labels: { ...labels, le: formatBound(bounds[index]) },
            value: cumulativeCount,
          }
        })
        return [
          ...buckets,
          { metricName: `${name}_sum`, labels, value: sum },
          { metricName: `${name}_count`, labels, value: cumulativeCount },
        ]
      })
    },
  }
}

export type Histogram = ReturnType<typeof createHistogram>

function formatBound(bound: number | undefined): string {
  return bound === undefined ? '+Inf' : String(bound)
}
