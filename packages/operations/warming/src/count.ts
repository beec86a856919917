import { LarderError } from '@larder/core'

/** @throws LarderError `BAD_OPTION` for what is no whole number above 0. */
export function requireCount(value: number, option: string): void {
  if (Number.isInteger(value) && value > 0) return
  throw new LarderError('BAD_OPTION', `${option}: ${value} is no whole number above 0.`)
}
