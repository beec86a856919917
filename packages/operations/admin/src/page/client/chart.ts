import { drawing, element } from './element'

const width = 600
const height = 140
/** Five minutes of seconds. */
const kept = 300

/** A line over the last five minutes. */
export function createChart(title: string, format: (value: number) => string, top: number | undefined) {
  const values: (number | undefined)[] = []
  const line = drawing('path', { class: 'plot' })
  const area = drawing('path', { class: 'area' })
  const highest = drawing('text', { x: 2, y: 11 })
  const svg = drawing(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    drawing('line', { class: 'grid', x1: 0, x2: width, y1: 0.5, y2: 0.5 }),
    drawing('line', { class: 'grid', x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }),
    area,
    line,
    highest,
  )
  const now = element('b')
  const figure = element('figure', {}, element('figcaption', {}, `${title}: `, now), svg)

  function draw(): void {
    const limit = top ?? Math.max(1, ...values.map((value) => value ?? 0)) * 1.1
    const points = values.flatMap((value, at) =>
      value === undefined
        ? []
        : [`${(width * (kept - values.length + at)) / (kept - 1)},${height - (height * value) / limit}`],
    )
    const [first = '0,0'] = points
    const last = points.at(-1) ?? first
    line.setAttribute('d', points.length > 1 ? `M${points.join('L')}` : '')
    area.setAttribute(
      'd',
      points.length > 1
        ? `M${points.join('L')}L${last.split(',')[0]},${height}L${first.split(',')[0]},${height}Z`
        : '',
    )
    highest.textContent = format(limit)
  }

  return {
    figure,
    /** `undefined` where there is nothing to say. */
    add(value: number | undefined): void {
      values.push(value)
      if (values.length > kept) values.shift()
      now.textContent = value === undefined ? 'no reads' : format(value)
      draw()
    },
    clear(): void {
      values.length = 0
      draw()
    },
  }
}
