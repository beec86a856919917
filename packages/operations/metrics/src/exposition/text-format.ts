import type { Family, Sample } from './family'

/** The content type of the Prometheus text format, version 0.0.4. */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Formats families in the Prometheus text format, version 0.0.4. */
export function formatText(families: readonly Family[]): string {
  return families.map(formatFamily).join('\n')
}

function formatFamily({ name, help, type, values }: Family): string {
  return [
    `# HELP ${name} ${escapeText(help, '')}`,
    `# TYPE ${name} ${type}`,
    ...values.map((sample) => formatSample(name, sample)),
    '',
  ].join('\n')
}

function formatSample(name: string, { metricName = name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escapeText(String(text), '"')}"`)
  const labelText = pairs.length === 0 ? '' : `{${pairs.join(',')}}`
  return `${metricName}${labelText} ${formatValue(value)}`
}

/** Escapes backslashes, line feeds, and the quote if one is given. */
function escapeText(text: string, quote: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return quote === '' ? escaped : escaped.replaceAll(quote, `\\${quote}`)
}

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
