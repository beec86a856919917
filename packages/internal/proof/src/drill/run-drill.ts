import { setTimeout as sleep } from 'node:timers/promises'
import type { Incident } from './incidents'
import { healService, type Service } from './service'

/** An incident, and how the alerts spoke of it. */
export interface DrillResult {
  readonly name: string
  /** Expected alerts that fired. */
  readonly fired: readonly string[]
  /** Expected alerts that did not fire. */
  readonly missing: readonly string[]
  /** Alerts that fired without cause. */
  readonly wrong: readonly string[]
}

/** Between two looks at the alerts, in ms. */
const interval = 500
/** The longest time for the alerts of an incident to end, in ms: slow computations count for minutes, whatever the scale. */
const maxRecovery = 240_000

/** Causes an incident, and watches the alerts until it is over and none is left. */
export async function runIncident(service: Service, incident: Incident): Promise<DrillResult> {
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
  await healService(service)
  const deadline = performance.now() + maxRecovery
  while (performance.now() < deadline && (await service.alertsIn('firing', 'pending')).length > 0) {
    await watch()
    await sleep(interval)
  }
  return judge(incident, fired)
}

/** Compares the alerts that fired with those that an incident has to cause. */
export function judge(
  { name, expected, tolerated = [] }: Pick<Incident, 'name' | 'expected' | 'tolerated'>,
  fired: ReadonlySet<string>,
): DrillResult {
  return {
    name,
    fired: expected.filter((alert) => fired.has(alert)),
    missing: expected.filter((alert) => !fired.has(alert)),
    wrong: [...fired].filter((alert) => !expected.includes(alert) && !tolerated.includes(alert)),
  }
}

/** Whether every expected alert fired, and no other. */
export function isRight({ missing, wrong }: DrillResult): boolean {
  return missing.length + wrong.length === 0
}
