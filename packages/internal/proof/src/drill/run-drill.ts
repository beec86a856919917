import { setTimeout as sleep } from 'node:timers/promises'
import type { Incident } from './incidents'
import { findQueries } from './runbook'
import { healService, type Service } from './service'

/** An incident, how the alerts spoke of it, and whether the runbook helps. */
export interface DrillResult {
  readonly name: string
  /** Expected alerts that fired. */
  readonly fired: readonly string[]
  /** Expected alerts that did not fire. */
  readonly missing: readonly string[]
  /** Alerts that fired without cause. */
  readonly wrong: readonly string[]
  /** Queries that the runbook gives for the alerts that fired, and that find nothing during the incident. */
  readonly emptyQueries: readonly string[]
}

/** Between two looks at the alerts, in ms. */
const interval = 500
/** The longest time for the alerts of an incident to end, in ms: slow computations count for minutes, whatever the scale. */
const maxRecovery = 240_000

/**
 * Causes an incident, evaluates the queries of the runbook at its end, and watches the alerts until none is left.
 *
 * @param runbook - The runbook, as Markdown.
 */
export async function runIncident(
  service: Service,
  incident: Incident,
  runbook: string,
): Promise<DrillResult> {
  const fired = new Set<string>()
  const watch = async () => {
    for (const name of await service.alertsIn('firing')) fired.add(name)
  }
  await incident.cause(service)
  const end = performance.now() + incident.seconds * 1_000
  while (performance.now() < end) {
    await watch()
    await sleep(interval)
  }
  const queries = incident.expected
    .filter((alert) => fired.has(alert))
    .flatMap((alert) => findQueries(runbook, alert, service.timeScale))
  const emptyQueries = await findEmptyQueries(service, queries)
  await healService(service)
  const deadline = performance.now() + maxRecovery
  while (performance.now() < deadline && (await service.alertsIn('firing', 'pending')).length > 0) {
    await watch()
    await sleep(interval)
  }
  return judge(incident, fired, emptyQueries)
}

async function findEmptyQueries(service: Service, queries: readonly string[]): Promise<string[]> {
  const counts = await Promise.all(queries.map(async (query) => (await service.query(query)).length))
  return queries.filter((_, index) => counts[index] === 0)
}

/** Compares the alerts that fired with those that an incident has to cause. */
export function judge(
  { name, expected, tolerated = [] }: Pick<Incident, 'name' | 'expected' | 'tolerated'>,
  fired: ReadonlySet<string>,
  emptyQueries: readonly string[] = [],
): DrillResult {
  return {
    name,
    fired: expected.filter((alert) => fired.has(alert)),
    missing: expected.filter((alert) => !fired.has(alert)),
    wrong: [...fired].filter((alert) => !expected.includes(alert) && !tolerated.includes(alert)),
    emptyQueries,
  }
}

/** Whether every expected alert fired and no other, and the runbook's queries found something. */
export function isRight({ missing, wrong, emptyQueries }: DrillResult): boolean {
  return missing.length + wrong.length + emptyQueries.length === 0
}
