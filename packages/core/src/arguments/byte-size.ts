import { LarderError } from '../errors'
import { describeValue } from './describe-value'

/** Bytes, or a number with a unit of 1024: `'512kb'`, `'64mb'`, `'1.5gb'`. */
export type ByteSize = number | ByteSizeText

/** A size with its unit, such as `'64mb'`. */
export type ByteSizeText = `${number}${'b' | 'kb' | 'mb' | 'gb'}`

const unitBytes: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

/**
 * Converts a size to bytes, rounded down. `kb`, `mb` and `gb` are powers of 1024.
 *
 * @example
 * ```ts
 * toBytes('64mb', 'maxBytes') // 67_108_864
 * ```
 * @throws LarderError `BAD_OPTION` naming the option, for anything but a whole number above 0 or a text with a unit.
 */
export function toBytes(size: ByteSize, option: string): number {
  const bytes = typeof size === 'string' ? parseSize(size) : size
  if (Number.isInteger(bytes) && bytes > 0) return bytes
  throw new LarderError(
    'BAD_OPTION',
    `${option} must be a size in bytes, such as 65536, or with a unit, such as '512kb', '64mb' or '1gb'; got ${describeValue(size)}.`,
  )
}

function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)$/i.exec(text)
  return match
    ? Math.floor(Number(match[1]) * (unitBytes[(match[2] ?? '').toLowerCase()] ?? Number.NaN))
    : Number.NaN
}
