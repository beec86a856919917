import { readFileSync } from 'node:fs'
import ts from 'typescript'

/**
 * A member of an interface, with its TSDoc.
 *
 * @typedef {object} Member
 * @property {string} name
 * @property {string[]} calls - its name and, for each overload of a method, the names of the parameters: `get(key, options?)`
 * @property {string} type - as it is written in the source
 * @property {string} text - the description, on one line
 * @property {string[]} examples - in Markdown
 * @property {boolean} isOptional
 * @property {string | undefined} defaultValue
 */

/**
 * The members of an interface in the order of the source, each name once, and the interfaces that it extends. A type that
 * adds members to another one by `&` counts as an interface.
 *
 * @param {string} file
 * @param {string} name
 * @returns {{ members: Member[], inherited: string[] }}
 */
export function readInterface(file, name) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = source.statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    .find((statement) => statement.name.text === name)
  if (found === undefined) throw new Error(`${file} has no interface ${name}.`)
  /** @type {Map<string, Member>} */
  const members = new Map()
  for (const member of membersOf(found)) {
    const read = readMember(member, source)
    const overloaded = members.get(read.name)
    if (overloaded === undefined) members.set(read.name, read)
    else overloaded.calls.push(...read.calls)
  }
  return { members: [...members.values()], inherited: inheritedBy(found, source) }
}

/** @param {ts.InterfaceDeclaration | ts.TypeAliasDeclaration} declaration */
function membersOf(declaration) {
  if (ts.isInterfaceDeclaration(declaration)) return [...declaration.members]
  const types = ts.isIntersectionTypeNode(declaration.type) ? declaration.type.types : [declaration.type]
  return [...types].filter(ts.isTypeLiteralNode).flatMap(({ members }) => [...members])
}

/** @param {ts.InterfaceDeclaration | ts.TypeAliasDeclaration} declaration @param {ts.SourceFile} source */
function inheritedBy(declaration, source) {
  if (!ts.isInterfaceDeclaration(declaration)) return []
  const types = (declaration.heritageClauses ?? []).flatMap((clause) => [...clause.types])
  return types.map((type) => type.getText(source))
}

/**
 * @param {ts.TypeElement} member
 * @param {ts.SourceFile} source
 * @returns {Member}
 */
function readMember(member, source) {
  const { type } = /** @type {{ type?: ts.TypeNode }} */ (member)
  const comments = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc)
  const description = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join(' ')
  const textsOf = (/** @type {string} */ name) =>
    ts
      .getJSDocTags(member)
      .filter(({ tagName }) => tagName.text === name)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
  const [defaultValue] = textsOf('defaultValue')
  return {
    name: member.name?.getText(source) ?? '',
    calls: [describeCall(member, source)],
    type: type === undefined ? '' : toLine(describeType(type, source)),
    text: toLine(description),
    examples: textsOf('example'),
    isOptional: member.questionToken !== undefined,
    defaultValue: defaultValue && toLine(defaultValue),
  }
}

/** @param {ts.TypeElement} member @param {ts.SourceFile} source */
function describeCall(member, source) {
  const name = member.name?.getText(source) ?? ''
  if (!ts.isMethodSignature(member)) return name
  const parameters = member.parameters.filter((parameter) => parameter.name.getText(source) !== 'this')
  const names = parameters.map(
    ({ dotDotDotToken, name, questionToken }) =>
      `${dotDotDotToken ? '...' : ''}${name.getText(source)}${questionToken ? '?' : ''}`,
  )
  return `${name}(${names.join(', ')})`
}

/**
 * A type as it is written, without the comments in it.
 *
 * @param {ts.TypeNode} type
 * @param {ts.SourceFile} source
 * @returns {string}
 */
function describeType(type, source) {
  if (!ts.isTypeLiteralNode(type)) return type.getText(source)
  return `{ ${type.members.map((member) => member.getText(source).replace(/;$/, '')).join('; ')} }`
}

/** One line, in which links have become code. @param {string} text */
function toLine(text) {
  return text
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
