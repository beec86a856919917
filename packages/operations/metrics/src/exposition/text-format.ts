import type { Family, Sample } from './family'

/** What an HTTP response with {@link formatText} says of itself. */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Families in the text format of Prometheus, version 0.0.4. */
export function formatText(families: readonly Family[]): string {
  return families.map(formatFamily).join('\n')
}

function formatFamily({ name, help, type, values }: Family): string {
  return [
    `# HELP ${name} ${escaped(help, '')}`,
    `# TYPE ${name} ${type}`,
    ...values.map(formatSample),
    '',
  ].join('\n')
}

function formatSample({ metricName, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(String(text), '"')}"`)
  const all = pairs.length === 0 ? '' : `{${pairs.join(',')}}`
  return `${metricName}${all} ${formatValue(value)}`
}

function escaped(text: string, quote: string): string {
  const plain = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return quote === '' ? plain : plain.replaceAll(quote, `\\${quote}`)
}

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
