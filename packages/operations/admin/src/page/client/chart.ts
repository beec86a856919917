import { createElement, createSvgElement } from './elements'
import { formatTime } from './format'
import { drawPaths, dropOutdated, nearestSample, periodOf, type Sample } from './plot'

const width = 600
const height = 100

interface ChartOptions {
  readonly title: string
  readonly formatValue: (value: number) => string
  /** The value at the top. @defaultValue somewhat more than the largest value */
  readonly maximum?: number | undefined
}

interface Chart {
  readonly figure: HTMLElement
  addSample(sample: Sample): void
  clear(): void
}

/** Creates a line chart of the last minutes. Its caption says the value under the pointer, or else the latest. */
export function createChart({ title, formatValue, maximum }: ChartOptions): Chart {
  const { svg, line, area } = createPlot()
  const labels = {
    limit: createElement('span', { class: 'limit' }),
    from: createElement('span'),
    middle: createElement('span'),
    to: createElement('span'),
    sample: createElement('span'),
  }
  const figure = createElement(
    'figure',
    {},
    createElement('figcaption', {}, createElement('span', {}, title), labels.sample),
    createElement('div', { class: 'plotted' }, svg, labels.limit),
    createElement('div', { class: 'axis' }, labels.from, labels.middle, labels.to),
  )
  let samples: readonly Sample[] = []
  /** Where the pointer is, from 0 at the left edge to 1 at the right one. */
  let pointer: number | undefined

  const describe = ({ value }: Sample) => (value === undefined ? 'no reads' : formatValue(value))

  function showSample(): void {
    const { from, to } = periodOf(samples)
    const pointed = pointer === undefined ? undefined : nearestSample(samples, from + pointer * (to - from))
    const shown = pointed ?? samples.at(-1)
    const time = pointed === undefined ? '' : `at ${formatTime(pointed.at)}: `
    labels.sample.replaceChildren(time, createElement('b', {}, shown === undefined ? '' : describe(shown)))
  }

  function draw(): void {
    const limit = maximum ?? Math.max(1, ...samples.map(({ value }) => value ?? 0)) * 1.1
    const paths = drawPaths(samples, { width, height, limit })
    line.setAttribute('d', paths.line)
    area.setAttribute('d', paths.area)
    const { from, to } = periodOf(samples)
    const times = samples.length === 0 ? ['', '', ''] : [from, (from + to) / 2, to].map(formatTime)
    for (const [index, label] of [labels.from, labels.middle, labels.to].entries())
      label.textContent = times[index] ?? ''
    labels.limit.textContent = formatValue(limit)
    const latest = samples.at(-1)
    svg.setAttribute(
      'aria-label',
      latest === undefined ? title : `${title} from ${times[0]} to ${times[2]}, now ${describe(latest)}`,
    )
    showSample()
  }

  svg.addEventListener('pointermove', ({ offsetX }) => {
    pointer = offsetX / svg.clientWidth
    showSample()
  })
  svg.addEventListener('pointerleave', () => {
    pointer = undefined
    showSample()
  })

  return {
    figure,
    addSample(sample) {
      samples = dropOutdated([...samples, sample])
      draw()
    },
    clear() {
      samples = []
      draw()
    },
  }
}

function createPlot() {
  const line = createSvgElement('path', { class: 'plot' })
  const area = createSvgElement('path', { class: 'area' })
  const svg = createSvgElement(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' },
    ...[0, height / 2, height].map((y) =>
      createSvgElement('line', { class: 'grid', x1: 0, x2: width, y1: y, y2: y }),
    ),
    area,
    line,
  )
  return { svg, line, area }
}
