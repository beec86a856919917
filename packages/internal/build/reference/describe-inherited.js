import { optionGroups } from './option-groups.js'

/**
 * Where the options that an interface extends are described: `Pick<WarmOptions, 'concurrency'>` are "`concurrency` of
 * `warm`", with a link to that part of the page.
 *
 * @param {string} type - as it is written in the source
 */
export function describeInherited(type) {
  const [, operator, name = '', rest = ''] = /^(?:(Pick|Omit)<)?(\w+)(.*)$/.exec(type) ?? []
  const names = (rest.match(/'\w+'/g) ?? []).map((quoted) => `\`${quoted.slice(1, -1)}\``).join(', ')
  if (operator === 'Pick') return `${names} of ${titleOf(name)}`
  return operator === 'Omit' ? `those of ${titleOf(name)}, without ${names}` : `those of ${titleOf(name)}`
}

/** The short title of the part that describes an interface, as a link to it. @param {string} interfaceName */
function titleOf(interfaceName) {
  // `EntryOptionsOf` differs from `EntryOptions` in a type only.
  const group = optionGroups.find(([, , name]) => name === interfaceName.replace(/Of$/, ''))
  if (group === undefined) throw new Error(`option-groups.js has no part for ${interfaceName}.`)
  const [title] = group
  return `[${title.replace(/: .*/, '')}](#${anchorOf(title)})`
}

/** The anchor of a heading, as GitHub and the site make it. @param {string} heading */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-')
