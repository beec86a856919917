import { describeValue, LarderError } from '@larder/core'

/** @throws LarderError `BAD_OPTION` unless `value` is a positive integer. */
export function requirePositiveInteger(value: number, option: string): void {
  if (Number.isInteger(value) && value > 0) return
  throw new LarderError(
    'BAD_OPTION',
    `${option} must be a positive integer such as 10; got ${describeValue(value)}.`,
  )
}
