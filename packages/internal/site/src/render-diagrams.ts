import type { MarkdownRenderer } from 'vitepress'
import { type Message, parseSequenceDiagram, type SequenceDiagram } from './sequence-diagram'

const columnWidth = 128
const rowHeight = 46
const top = 64

/** Draws code blocks in Mermaid as SVG while the site is built, in the colours of the page. */
export function renderDiagrams(markdown: MarkdownRenderer): void {
  const renderFence = markdown.renderer.rules.fence
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]
    if (token?.info.trim() === 'mermaid') return drawSequence(parseSequenceDiagram(token.content))
    return renderFence?.(tokens, index, options, env, self) ?? ''
  }
}

/** The diagram as SVG; `theme/diagram.css` gives it its looks. */
export function drawSequence({ participants, messages }: SequenceDiagram): string {
  const width = participants.length * columnWidth
  const height = top + messages.length * rowHeight
  const lifelines = participants.map(
    (_, index) => `<line class="lifeline" x1="${xOf(index)}" y1="40" x2="${xOf(index)}" y2="${height}"/>`,
  )
  const names = participants.map(
    (name, index) =>
      `<rect x="${xOf(index) - 60}" y="4" width="120" height="34" rx="8"/><text class="name" x="${xOf(index)}" y="26">${escapeText(name)}</text>`,
  )
  const arrows = messages.map((message, index) => drawMessage(message, index, participants.length))
  const parts = [arrowHead, ...lifelines, ...names, ...arrows].join('')
  return `<div class="diagram" tabindex="0" v-pre><svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="Sequence diagram; its numbered steps are described below">${parts}</svg></div>`
}

const arrowHead =
  '<defs><marker id="arrow-head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8Z"/></marker></defs>'

/** The middle of a participant's column. */
function xOf(participant: number): number {
  return (participant + 0.5) * columnWidth
}

function drawMessage({ from, to, text, isReply }: Message, index: number, columns: number): string {
  const y = top + index * rowHeight + 22
  const line =
    from === to ? `M${xOf(from)} ${y - 8}h26v16h-26` : `M${xOf(from)} ${y}H${xOf(to) + (to > from ? -1 : 1)}`
  const middle = from === to ? xOf(from) : (xOf(from) + xOf(to)) / 2
  const label = `${index + 1}  ${text}`
  const half = label.length * 3.8
  // Text that would reach over an edge is moved inwards.
  const x = Math.min(Math.max(middle, half + 4), columns * columnWidth - half - 4)
  return `<path class="message${isReply ? ' reply' : ''}" d="${line}" marker-end="url(#arrow-head)"/><text class="label" x="${x}" y="${from === to ? y - 15 : y - 8}"><tspan class="step">${index + 1}</tspan> ${escapeText(text)}</text>`
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
