import { formatTable } from '@larder/report'

/** A table for a reader who sees it for the first time: what was done comes before it, what its columns mean after it. */
export interface Section {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** A line for each column or row that does not explain itself. */
  readonly notes?: readonly string[] | undefined
}

export function printSection({ title, head, rows, notes = [] }: Section): void {
  console.log(`\n${title}\n\n${formatTable(head, rows)}`)
  if (notes.length > 0) console.log(`\n${notes.map((note) => `  ${note}`).join('\n')}`)
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The value below which this share of sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
