import { describeValue } from '../arguments/describe-value'
import { LarderError } from '../errors'

/** Milliseconds, or a number with a unit: `'250ms'`, `'30s'`, `'5m'`, `'1h'`, `'7d'`. */
export type Duration = number | DurationText

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'

/**
 * A duration with its unit, such as `'5m'` or `'1.5h'`. It begins with a digit, so `'-5m'` does not compile, and neither does a
 * template of a number that might be negative: write `minutes * 60_000` instead of `${minutes}m`.
 */
export type DurationText = `${Digit}${number | ''}${'ms' | 's' | 'm' | 'h' | 'd'}`

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Converts a duration to milliseconds. `Infinity` is allowed and means no limit.
 *
 * @example
 * ```ts
 * toMs('5m', 'ttl') // 300_000
 * ```
 * @throws LarderError `BAD_DURATION` naming the option, for a negative number, NaN or an unknown unit.
 */
export function toMs(duration: Duration, option: string): number {
  const ms = typeof duration === 'string' ? parseDuration(duration) : duration
  if (typeof ms === 'number' && ms >= 0) return ms
  throw new LarderError(
    'BAD_DURATION',
    `${option} must be a duration in milliseconds, such as 5000, or with a unit, such as '250ms', '30s', '5m', '1h' or '7d', or Infinity; got ${describeValue(duration)}.`,
  )
}

function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  return match ? Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN) : Number.NaN
}
