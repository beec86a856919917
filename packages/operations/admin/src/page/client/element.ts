type Child = Node | string

/** An element with attributes and children. Texts stay texts, whatever they hold. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...children)
  return made
}

export function drawing<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value))
  made.append(...children)
  return made
}

/** The element of this id, which the document has. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`The page has no element "${id}".`)
  return found as E
}

/** A table of rows; the columns with numbers are named in `numbers`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  numbers: readonly number[],
): HTMLTableElement {
  const classOf = (at: number) => (numbers.includes(at) ? 'number' : 'name')
  const headRow = element(
    'tr',
    {},
    ...head.map((text, at) =>
      element('th', { class: numbers.includes(at) ? 'number' : '', scope: 'col' }, text),
    ),
  )
  const body = rows.map((row) =>
    element('tr', {}, ...row.map((cell, at) => element('td', { class: classOf(at) }, cell))),
  )
  return element('table', {}, element('thead', {}, headRow), element('tbody', {}, ...body))
}
