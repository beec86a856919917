import ts from 'typescript'

/**
 * The comments of a source file as text without their marks. Lines that follow one another are one comment.
 *
 * @param {string} path
 * @param {string} text
 * @returns {{ line: number, text: string }[]}
 */
export function readComments(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const ranges = new Map()
  visit(file)
  const comments = [...ranges.values()].sort((a, b) => a.pos - b.pos)
  return joinLines(comments.map(({ pos, end }) => ({ line: lineAt(pos), text: strip(text.slice(pos, end)) })))

  /** @param {ts.Node} node */
  function visit(node) {
    for (const child of node.getChildren(file)) visit(child)
    if (node.getChildCount(file) > 0) return
    for (const range of ts.getLeadingCommentRanges(text, node.pos) ?? []) ranges.set(range.pos, range)
    for (const range of ts.getTrailingCommentRanges(text, node.end) ?? []) ranges.set(range.pos, range)
  }

  /** @param {number} position */
  function lineAt(position) {
    return file.getLineAndCharacterOfPosition(position).line + 1
  }
}

/** @param {string} comment */
function strip(comment) {
  const isBlock = comment.startsWith('/*')
  const body = isBlock ? comment.replace(/^\/\*+/, '').replace(/\*\/$/, '') : comment.slice(2)
  return body
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** @param {{ line: number, text: string }[]} comments */
function joinLines(comments) {
  /** @type {{ line: number, lastLine: number, text: string }[]} */
  const joined = []
  for (const { line, text } of comments) {
    const before = joined.at(-1)
    if (before === undefined || line !== before.lastLine + 1) joined.push({ line, lastLine: line, text })
    else Object.assign(before, { lastLine: line, text: `${before.text} ${text}` })
  }
  return joined
}
