import { createElement, createSvgElement } from './elements'

const width = 600
const height = 140
/** One value per second for five minutes. */
const maxValues = 300

interface Chart {
  readonly figure: HTMLElement
  /** Adds the value of the current second; undefined if there were no reads in it. */
  addValue(value: number | undefined): void
  clear(): void
}

/** Creates a line chart of the last five minutes. Without `maximum` the axis fits the values. */
export function createChart(
  title: string,
  formatValue: (value: number) => string,
  maximum: number | undefined,
): Chart {
  const values: (number | undefined)[] = []
  const line = createSvgElement('path', { class: 'plot' })
  const area = createSvgElement('path', { class: 'area' })
  const limitLabel = createSvgElement('text', { x: 2, y: 11 })
  const currentValue = createElement('b')
  const svg = createSvgElement(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    createGridLine(0.5),
    createGridLine(height - 0.5),
    area,
    line,
    limitLabel,
    createSvgElement('text', { x: 2, y: height - 5 }, '5 min ago'),
    createSvgElement('text', { x: width - 2, y: height - 5, 'text-anchor': 'end' }, 'now'),
  )
  const caption = createElement('figcaption', {}, `${title}: `, currentValue)

  function drawValues(): void {
    const limit = maximum ?? Math.max(1, ...values.map((value) => value ?? 0)) * 1.1
    const points = values.flatMap((value, index) =>
      value === undefined ? [] : [{ x: xOf(index - values.length), y: height - (height * value) / limit }],
    )
    const path = points.length > 1 ? `M${points.map(({ x, y }) => `${x},${y}`).join('L')}` : ''
    line.setAttribute('d', path)
    area.setAttribute('d', path && `${path}L${points.at(-1)?.x},${height}L${points[0]?.x},${height}Z`)
    limitLabel.textContent = formatValue(limit)
  }

  return {
    figure: createElement('figure', {}, caption, svg),
    addValue(value) {
      values.push(value)
      if (values.length > maxValues) values.shift()
      currentValue.textContent = value === undefined ? 'no reads' : formatValue(value)
      drawValues()
    },
    clear() {
      values.length = 0
      drawValues()
    },
  }
}

/** Position of a value counted from the end: the latest has index -1 and is at the right edge. */
function xOf(indexFromEnd: number): number {
  return (width * (maxValues + indexFromEnd)) / (maxValues - 1)
}

function createGridLine(y: number): SVGLineElement {
  return createSvgElement('line', { class: 'grid', x1: 0, x2: width, y1: y, y2: y })
}
