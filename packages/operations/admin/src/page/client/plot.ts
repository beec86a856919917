/** One value of a chart. */
export interface Sample {
  /** In ms since the epoch. */
  readonly at: number
  /** Undefined if there was nothing to measure. */
  readonly value: number | undefined
}

/** A period, in ms since the epoch. */
export interface Period {
  readonly from: number
  readonly to: number
}

export interface Area {
  readonly width: number
  readonly height: number
  /** The value at the top; that at the bottom is 0. */
  readonly limit: number
}

/** A chart shows what was observed, but from one to five minutes of it. In ms. */
const shortestPeriod = 60_000
const longestPeriod = 300_000
/** A longer time without a sample interrupts the line, in ms. */
const longestStep = 3_000

/** The samples within the longest period before the latest one. */
export function dropOutdated(samples: readonly Sample[]): readonly Sample[] {
  const from = (samples.at(-1)?.at ?? 0) - longestPeriod
  return samples.filter(({ at }) => at >= from)
}

/** The period to show, which ends at the latest sample. */
export function periodOf(samples: readonly Sample[]): Period {
  const [first, last] = [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0]
  return { from: last - Math.min(longestPeriod, Math.max(shortestPeriod, last - first)), to: last }
}

/** The sample nearest to a moment. */
export function nearestSample(samples: readonly Sample[], moment: number): Sample | undefined {
  const distance = ({ at }: Sample) => Math.abs(at - moment)
  return samples.reduce<Sample | undefined>(
    (nearest, sample) => (nearest === undefined || distance(sample) < distance(nearest) ? sample : nearest),
    undefined,
  )
}

/** The SVG path of the line through the samples, and that of the area below it. */
export function drawPaths(samples: readonly Sample[], { width, height, limit }: Area) {
  const { from, to } = periodOf(samples)
  const lines = splitAtGaps(samples).map((part) =>
    part.map(({ at, value }) => ({
      x: toTenths((width * (at - from)) / (to - from)),
      y: toTenths(height - (height * value) / limit),
    })),
  )
  const pathThrough = (points: readonly { x: number; y: number }[]) =>
    `M${points.map(({ x, y }) => `${x},${y}`).join('L')}`
  return {
    line: lines.map(pathThrough).join(''),
    area: lines.map((points) => `${pathThrough(points)}V${height}H${points[0]?.x}Z`).join(''),
  }
}

const toTenths = (value: number) => Math.round(value * 10) / 10

/** The parts between samples without a value and times without samples. */
function splitAtGaps(samples: readonly Sample[]): { at: number; value: number }[][] {
  const parts: { at: number; value: number }[][] = []
  let previous: number | undefined
  for (const { at, value } of samples) {
    const isContinued = previous !== undefined && at - previous <= longestStep
    previous = value === undefined ? undefined : at
    if (value === undefined) continue
    if (isContinued) parts.at(-1)?.push({ at, value })
    else parts.push([{ at, value }])
  }
  return parts.filter((part) => part.length > 1)
}
