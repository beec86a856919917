import { describe, expect, test } from 'vitest'
import { drawSequence } from '../src/render-diagrams'
import { parseSequenceDiagram } from '../src/sequence-diagram'

const source = `sequenceDiagram
  autonumber
  participant cache as Cache
  participant log as Log on Redis

  cache->>log: append
  log->>log: store & trim
  log-->>cache: position`

describe('a sequence diagram', () => {
  test('is read with its participants and messages', () => {
    expect(parseSequenceDiagram(source)).toEqual({
      participants: ['Cache', 'Log on Redis'],
      messages: [
        { from: 0, to: 1, text: 'append', isReply: false },
        { from: 1, to: 1, text: 'store & trim', isReply: false },
        { from: 1, to: 0, text: 'position', isReply: true },
      ],
    })
  })

  test('is drawn with numbered messages, and text that is no markup', () => {
    const svg = drawSequence(parseSequenceDiagram(source))
    expect(svg).toContain('Log on Redis</text>')
    expect(svg).toContain('<tspan class="step">2</tspan> store &amp; trim</text>')
    expect(svg.match(/class="message reply"/g)).toHaveLength(1)
  })

  test('that the site cannot draw is refused, with the line', () => {
    expect(() => parseSequenceDiagram('sequenceDiagram\nloop every 800 ms')).toThrow('"loop every 800 ms"')
    expect(() => parseSequenceDiagram('sequenceDiagram\na->>b: hello')).toThrow('participant a as')
  })
})
