import { type Duration, toMs } from '@larder/core'
import { UsageError } from './errors'

/** The operands and option values of one command line. */
export interface Arguments {
  /** The words after the command that are not options. */
  readonly operands: readonly string[]
  hasFlag(option: string): boolean
  /** The last value given for the option. */
  getText(option: string): string | undefined
  /** Every value given for the option, in order. */
  getList(option: string): readonly string[]
  /** A positive integer. @throws UsageError for any other value. */
  getCount(option: string, defaultValue: number): number
  /** A duration in ms. @throws UsageError for any other value. */
  getDuration(option: string): number | undefined
}

/** Reads checked values from the operands and option values that the parser found. */
export function createArguments(
  operands: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): Arguments {
  const getText = (option: string) => values.get(option)?.at(-1)
  return {
    operands,
    getText,
    hasFlag: (option) => values.has(option),
    getList: (option) => values.get(option) ?? [],
    getCount(option, defaultValue) {
      const text = getText(option)
      if (text === undefined) return defaultValue
      const count = /^\d{1,15}$/.test(text) ? Number(text) : 0
      if (count >= 1) return count
      throw new UsageError(`--${option} must be a positive integer. Write: --${option} ${defaultValue}`)
    },
    getDuration(option) {
      const text = getText(option)
      if (text === undefined) return undefined
      try {
        return toMs(text as Duration, option)
      } catch {
        throw new UsageError(`--${option} must be a duration. Write: --${option} 30s`)
      }
    },
  }
}
