import type { MarkdownRenderer } from 'vitepress'

type Token = ReturnType<MarkdownRenderer['parse']>[number]

/** Tables of up to this many columns are lists: a name, what it means, and a default. */
const maxColumns = 3

/**
 * Marks tables that a phone shows as a list, one row below the other (`theme/page.css`): those with few columns. Their cells
 * get the heading of their column, which the list shows in front of them. Wider tables compare figures and scroll instead.
 */
export function stackTables(markdown: MarkdownRenderer): void {
  // VitePress writes every table without its attributes.
  markdown.renderer.rules.table_open = (tokens, at, options, _, renderer) =>
    renderer.renderToken(tokens, at, options)
  markdown.core.ruler.push('stack-tables', ({ tokens }) => {
    for (const [at, token] of tokens.entries())
      if (token.type === 'table_open') {
        token.attrSet('tabindex', '0')
        const end = tokens.findIndex(({ type }, index) => index > at && type === 'table_close')
        stackTable(token, tokens.slice(at, end))
      }
  })
}

function stackTable(table: Token, tokens: readonly Token[]): void {
  const headings = tokens.flatMap(({ type }, at) =>
    type === 'th_open' ? (tokens[at + 1]?.content ?? '') : [],
  )
  if (headings.length > maxColumns) return
  table.attrJoin('class', 'stacked')
  const cells = tokens.filter(({ type }) => type === 'td_open')
  for (const [at, cell] of cells.entries()) cell.attrSet('data-heading', headings[at % headings.length] ?? '')
}
