const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }
/** The shortest range with enough samples, in seconds, as Prometheus scrapes once per second here. */
const minRange = 4

/**
 * The queries that the runbook gives for an alert. The example's function stands for all functions, and ranges are as short as
 * those of the rules, so that the queries can be evaluated in a drill.
 *
 * @param text - The runbook, as Markdown.
 * @param timeScale - The factor for all ranges.
 */
export function findQueries(text: string, alert: string, timeScale: number): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${alert}\n`))
  if (section === undefined) throw new Error(`The runbook has no section for ${alert}.`)
  return [...section.matchAll(/^```promql\n(.*?)^```/gms)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .map((query) =>
      scaleRanges(query, timeScale).replaceAll('cache_function="loadUser"', 'cache_function=~".+"'),
    )
}

function scaleRanges(query: string, timeScale: number): string {
  return query.replaceAll(/\[(\d+)([smhd])\]/g, (_, count: string, unit: string) => {
    const range = Number(count) * (secondsOf[unit] ?? 1) * timeScale
    return `[${Math.max(minRange, Math.round(range))}s]`
  })
}
