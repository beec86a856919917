import type { Clock } from '../contracts/clock'

/** Occurrences that follow each other closely. */
export interface Incident {
  readonly beganAt: number
  lastAt: number
  count: number
}

/** An incident has ended once nothing of it has occurred for this long, in ms. */
export const calm = 10_000

/** Groups occurrences of one topic into incidents. `onEnd` is called when one has ended. */
export function createIncidents(clock: Clock, onEnd: (topic: string, incident: Incident) => void) {
  const incidents = new Map<string, Incident>()

  function endWhenCalm(topic: string, incident: Incident, delay: number): void {
    clock.background(delay, () => {
      if (incidents.get(topic) !== incident) return
      const rest = incident.lastAt + calm - clock.monotonic()
      if (rest > 0) return endWhenCalm(topic, incident, rest)
      incidents.delete(topic)
      onEnd(topic, incident)
    })
  }

  return {
    /** The incident of this occurrence, whose `count` is 1 if it begins with it. */
    record(topic: string): Incident {
      const now = clock.monotonic()
      const incident = incidents.get(topic) ?? { beganAt: now, lastAt: now, count: 0 }
      incident.lastAt = now
      incident.count += 1
      if (incident.count === 1) {
        incidents.set(topic, incident)
        endWhenCalm(topic, incident, calm)
      }
      return incident
    },
    /** Forgets the incidents under way without an end. */
    stop: () => incidents.clear(),
  }
}
