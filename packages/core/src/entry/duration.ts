import { LarderError } from '../errors'

/** Milliseconds, or a number with a unit: `'250ms'`, `'30s'`, `'5m'`, `'1h'`, `'7d'`. */
export type Duration = number | DurationText

/** A duration with its unit, such as `'5m'` or `'1.5h'`. */
export type DurationText = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a duration as milliseconds. `Infinity` is allowed and means without end.
 * @throws LarderError `BAD_DURATION` naming the option, for anything negative, NaN or without a known unit.
 */
export function toMs(duration: Duration, option: string): number {
  const ms = typeof duration === 'number' ? duration : parse(duration)
  if (ms >= 0) return ms
  throw new LarderError(
    'BAD_DURATION',
    `${option}: ${String(duration)} is not a duration. Write milliseconds (5000) or a number with a unit ('250ms', '30s', '5m', '1h', '7d').`,
  )
}

function parse(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  return match ? Number(match[1]) * (unitMs[match[2] ?? ''] ?? Number.NaN) : Number.NaN
}
