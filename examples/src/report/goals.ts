import { printSection } from './table'

/** One of the numbers that the project promises, as this run measured it. */
export interface Goal {
  readonly name: string
  /** The promise: `at least 80 %`. */
  readonly promise: string
  readonly measured: string
  readonly isMet: boolean
}

/** How a value is written in a table. */
type Format = (value: number) => string

export function atLeast(name: string, bound: number, value: number, format: Format): Goal {
  return { name, promise: `at least ${format(bound)}`, measured: format(value), isMet: value >= bound }
}

export function atMost(name: string, bound: number, value: number, format: Format): Goal {
  return { name, promise: `at most ${format(bound)}`, measured: format(value), isMet: value <= bound }
}

/** The promised numbers of a run, each met or missed. */
export function printGoals(goals: readonly Goal[]): void {
  printSection({
    title: 'What Larder promises, and what this run measured',
    head: ['', 'promise', 'measured', ''],
    rows: goals.map(({ name, promise, measured, isMet }) => [
      name,
      promise,
      measured,
      isMet ? 'met' : 'MISSED',
    ]),
    notes: [
      'docs/acceptance.md names the command that shows each promise, also of those that are not in this table.',
    ],
  })
}
