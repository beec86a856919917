import ts from 'typescript'

/**
 * The names of the functions and methods that a source file defines: declarations, functions bound to a constant, and
 * methods of classes and of object literals. Declared are functions by `function` and methods of classes.
 *
 * @param {string} path
 * @param {string} text
 * @returns {{ name: string, line: number, isExported: boolean, isDeclared: boolean }[]}
 */
export function readFunctionNames(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  /** @type {{ name: string, line: number, isExported: boolean, isDeclared: boolean }[]} */
  const names = []
  visit(file)
  return names

  /** @param {ts.Node} node */
  function visit(node) {
    const named = nameOf(node)
    if (named !== undefined)
      names.push({ ...named, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 })
    ts.forEachChild(node, visit)
  }
}

/**
 * @param {ts.Node} node
 * @returns {{ name: string, isExported: boolean, isDeclared: boolean } | undefined}
 */
function nameOf(node) {
  if (ts.isFunctionDeclaration(node) && node.name !== undefined)
    return { name: node.name.text, isExported: isExported(node), isDeclared: true }
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && isFunction(node.initializer))
    return { name: node.name.text, isExported: isExported(node.parent.parent), isDeclared: false }
  if ((ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node)) && ts.isIdentifier(node.name))
    return ts.isMethodDeclaration(node) || isFunction(node.initializer)
      ? { name: node.name.text, isExported: false, isDeclared: ts.isClassDeclaration(node.parent) }
      : undefined
  return undefined
}

/** @param {ts.Node | undefined} node */
const isFunction = (node) => node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node))

/** @param {ts.Node} node */
const isExported = (node) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
