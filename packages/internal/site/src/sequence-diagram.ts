/** A message between two participants of a sequence diagram, by their indices. */
export interface Message {
  readonly from: number
  readonly to: number
  readonly text: string
  /** Whether it answers an earlier message; drawn with a dashed line. */
  readonly isReply: boolean
}

/** A sequence diagram: who takes part, and the messages in order. */
export interface SequenceDiagram {
  readonly participants: readonly string[]
  readonly messages: readonly Message[]
}

const participantLine = /^participant (?<id>\w+) as (?<name>.+)$/
const messageLine = /^(?<from>\w+)(?<arrow>-->>|->>|-\))(?<to>\w+): (?<text>.+)$/
const header = ['sequenceDiagram', 'autonumber']

/** Reads the part of Mermaid's sequence diagrams that the docs use: participants with names, and numbered messages. */
export function parseSequenceDiagram(source: string): SequenceDiagram {
  const ids: string[] = []
  const participants: string[] = []
  const messages: Message[] = []
  const indexOf = (id = '') => {
    if (!ids.includes(id)) throw new Error(`${id} takes part in no line "participant ${id} as …".`)
    return ids.indexOf(id)
  }
  for (const line of source.split('\n').map((text) => text.trim())) {
    if (line === '' || header.includes(line)) continue
    const participant = participantLine.exec(line)?.groups
    const message = messageLine.exec(line)?.groups
    if (participant !== undefined) {
      ids.push(participant.id ?? '')
      participants.push(participant.name ?? '')
    } else if (message !== undefined) {
      const { from, to, text = '', arrow } = message
      messages.push({ from: indexOf(from), to: indexOf(to), text, isReply: arrow === '-->>' })
    } else throw new Error(`"${line}" is no line of a sequence diagram that the site can draw.`)
  }
  return { participants, messages }
}
