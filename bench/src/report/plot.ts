import { formatNumber } from './format-number'
import type { Report } from './report'

interface Bar {
  readonly label: string
  readonly value: number
  /** The text after the bar. */
  readonly text: string
}

interface Panel {
  readonly title: string
  readonly bars: readonly Bar[]
}

const width = 720
const labels = 170
const row = 20
const head = 34
const longest = width - labels - 165

/** Plots a report as an SVG bar chart for light and dark pages: one panel per metric, or one in all for a single participant. */
export function plotOf(report: Report): string {
  const panels = panelsOf(report)
  const heights = panels.map(({ bars }) => head + bars.length * row)
  const height = heights.reduce((sum, one) => sum + one, 34)
  let top = 30
  const drawn = panels.map((panel, index) => {
    const group = `<g transform="translate(0 ${top})">${drawPanel(panel)}</g>`
    top += heights[index] ?? 0
    return group
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escapeXml(report.title)}</title>`,
    style,
    `<text class="title" x="8" y="22">${escapeXml(report.title)}</text>`,
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

const style = `<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.metric { fill: #57606a }
rect { fill: #8c959f }
.larder { fill: #1a7f37 }
.limit { fill: #bf8700 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .metric { fill: #9198a1 } }
</style>`

function panelsOf({ metrics, participants, limit }: Report): readonly Panel[] {
  const entries = Object.entries(participants)
  const [only] = entries
  if (entries.length === 1 && only !== undefined) {
    const bars = metrics.map(({ name, unit }) => {
      const value = only[1][name]?.median ?? 0
      return { label: name, value, text: `${formatNumber(value)} ${unit}` }
    })
    return [{ title: '', bars }]
  }
  return metrics.map(({ name, unit, better }) => ({
    title: `${name}${unit && !name.endsWith(unit) ? `, ${unit}` : ''} (${better} is better)`,
    bars: entries.map(([label, measurements]) => {
      const { median: value = 0, toLimit } = measurements[name] ?? {}
      const isCompared = limit !== undefined && label !== limit && toLimit != null
      return {
        label,
        value,
        text: `${formatNumber(value)}${isCompared ? ` (${toLimit.toFixed(2)} of limit)` : ''}`,
      }
    }),
  }))
}

function drawPanel({ title, bars }: Panel): string {
  const greatest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)
  const drawn = bars.map(({ label, value, text }, index) => {
    const y = head + index * row
    const length = Math.max(1, (Math.max(0, value) / greatest) * longest)
    return [
      `<text x="${labels - 8}" y="${y}" text-anchor="end">${escapeXml(label)}</text>`,
      `<rect class="${classOf(label)}" x="${labels}" y="${y - 11}" width="${length.toFixed(1)}" height="14"/>`,
      `<text x="${(labels + length + 6).toFixed(1)}" y="${y}">${escapeXml(text)}</text>`,
    ].join('')
  })
  return `<text class="metric" x="8" y="${head - 20}">${escapeXml(title)}</text>${drawn.join('\n')}`
}

function classOf(label: string): string {
  if (label.includes('larder')) return 'larder'
  return /^(limit|optimum)|constant$/.test(label) ? 'limit' : 'peer'
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
