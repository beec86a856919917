/**
 * The queries that the runbook gives for an alert. The example's function stands for all functions, so that the queries can be
 * evaluated on any service.
 *
 * @param text - The runbook, as Markdown.
 */
export function findQueries(text: string, alert: string): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${alert}\n`))
  if (section === undefined) throw new Error(`The runbook has no section for ${alert}.`)
  return [...section.matchAll(/^```promql\n(.*?)^```/gms)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .map((query) => query.replaceAll('cache_function="loadUser"', 'cache_function=~".+"'))
}
