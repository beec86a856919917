import { readFileSync } from 'node:fs'
import ts from 'typescript'

/**
 * A text of a union, with the paragraphs of the comment before it.
 *
 * @typedef {object} UnionText
 * @property {string} text
 * @property {readonly string[]} paragraphs
 */

/**
 * The texts of an exported union such as `'ABORTED' | 'BAD_KEY'`, in the order of the source.
 *
 * @param {string} file
 * @param {string} name
 * @returns {UnionText[]}
 */
export function readUnion(file, name) {
  const text = readFileSync(file, 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found = source.statements.find(
    (statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === name,
  )
  if (found === undefined || !ts.isTypeAliasDeclaration(found) || !ts.isUnionTypeNode(found.type))
    throw new Error(`${file} has no union ${name}.`)
  return found.type.types.map((member) => ({
    text: member.getText(source).replaceAll("'", ''),
    paragraphs: paragraphsOf(text.slice(member.getFullStart(), member.getStart(source)), text, member),
  }))
}

/**
 * The paragraphs of the last comment before a member. The comment of the first one stands before the `|` that leads it.
 *
 * @param {string} between
 * @param {string} text
 * @param {ts.Node} member
 */
function paragraphsOf(between, text, member) {
  const before = between.includes('/**') ? between : text.slice(0, member.getFullStart())
  const comment = before.slice(before.lastIndexOf('/**') + 3, before.lastIndexOf('*/'))
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join('\n')
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll('\n', ' '))
}
