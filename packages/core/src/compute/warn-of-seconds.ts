import type { Recorder } from '../telemetry/recorder'

/** The options that say how long an entry lives: other libraries take them in seconds. */
const lifetimes = ['ttl', 'negativeTtl', 'errorTtl', 'staleWhileRevalidate', 'staleIfError'] as const

/**
 * Warns, once per place, of a life below one second that is given as a bare number: `ttl: 60` is 60 milliseconds, and mostly
 * means seconds. A number that a function of the value returns is the rest of a longer life, and gives no warning.
 *
 * @param place - Where the options were given: `set`, or the name of the wrapped function.
 */
export function warnOfSeconds(
  place: string,
  options: Readonly<Partial<Record<(typeof lifetimes)[number], unknown>>> | undefined,
  { warnOnce }: Pick<Recorder, 'warnOnce'>,
): void {
  for (const name of lifetimes) {
    const life = options?.[name]
    if (typeof life !== 'number' || life <= 0 || life >= 1_000) continue
    warnOnce(
      `seconds ${place} ${name}`,
      `${place}: ${name}: ${life} is ${life} milliseconds. Write '${life}s' if seconds are meant, and '${life}ms' otherwise.`,
    )
  }
}
