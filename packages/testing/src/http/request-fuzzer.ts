/** The parts of a raw request. */
export interface RawRequest {
  readonly method: string
  /** Before the path, for a target in absolute form. */
  readonly authority: string
  readonly path: string
  readonly query: string
  readonly host: string
  readonly fields: readonly string[]
  readonly body: string
}

const paths = [
  ...[
    '/me/mail',
    '/ME/mail',
    '/me//mail',
    '//me/mail',
    '/m%65/mail',
    '/me%2Fmail',
    '/me;x/mail',
    '/x/../me/mail',
  ],
  ...[
    '/me/mail;v=1',
    '/me/./mail',
    '/me',
    '/me/',
    '/konto/%C3%BCber',
    '/konto/%c3%9cber',
    '/KONTO/%C3%BCber/',
  ],
  ...[
    '/list/1',
    '/list/1/',
    '/LIST/1',
    '/list/%31',
    '/list/a%20b',
    '/list/a%2520b',
    '/list/a+b',
    '/list/a%2Bb',
  ],
  ...[
    '/key/1',
    '/key/1/',
    '/KEY/1',
    '/key/%31',
    '/key/a%2Fb',
    '/key/a/b',
    '/key/1;x',
    '/key/1%3Bx',
    '/key/./1',
  ],
  ...[
    '/open/x',
    '/open/X',
    '/OPEN/x',
    '/%6Fpen/x',
    '/open/x/',
    '/open//x',
    '/live/x',
    '/Live/x',
    '/%6Cive/x',
    '/a',
    '/A',
    '/a/',
    '/a%00',
    '/a%zz',
    '/',
  ],
]

const queries = [
  ...[
    '',
    '?',
    '?page=1',
    '?page=2',
    '?page=1&page=2',
    '?page=2&page=1',
    '?page[]=2',
    '?page[a]=2',
    '?p%61ge=2',
  ],
  ...[
    '?page=%31',
    '?page=%FF',
    '?page=%FE',
    '?page=1;x',
    '?x;page=2',
    '?Page=2',
    '?page',
    '?page=',
    '?page=1+1',
  ],
  ...['?page=1%2B1', '?page=1%201', '?page.x=1', '?x=1&page=2', '?page=2&x=1', '?__proto__=1', '?page=1,2'],
  ...[`?${'&'.repeat(1_000)}page=2`, `?${'x&'.repeat(101)}page=2`],
]

const hosts = ['a.example', 'A.example', 'a.example:80', 'a.example.', 'b.example', 'a.example:8080']

const authorities = [
  '',
  '',
  '',
  '',
  'http://a.example',
  'http://b.example',
  'HTTP://A.EXAMPLE',
  'http://b.example:80',
]

const fields = [
  ...[
    'X-User: ada',
    'X-User: bob',
    'X-Api-Key: 1',
    'X-Api-Key: 2',
    'Authorization: x',
    'Cookie: s=1',
    'Cookie: s=2',
  ],
  ...['X-Forwarded-Host: b.example', 'X-Original-Url: /x', 'Accept: text/html', 'Cache-Control: no-cache'],
]

const bodies = ['', '', '', '', '', 'page=2', 'page=3']

/** Makes requests that caches and handlers may read differently, and requests that differ from one in a part. */
export function createRequestFuzzer(random: () => number) {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T
  const pickFields = () =>
    random() < 0.6 ? [] : random() < 0.7 ? [pick(fields)] : [pick(fields), pick(fields)]
  const parts = {
    method: () => (random() < 0.9 ? 'GET' : 'HEAD'),
    authority: () => pick(authorities),
    path: () => pick(paths),
    query: () => (random() < 0.5 ? '' : pick(queries)),
    host: () => pick(hosts),
    fields: pickFields,
    body: () => pick(bodies),
  }
  const names = Object.keys(parts) as (keyof typeof parts)[]

  return {
    makeRequest: (): RawRequest => ({
      method: 'GET',
      authority: parts.authority(),
      path: parts.path(),
      query: parts.query(),
      host: 'a.example',
      fields: parts.fields(),
      body: parts.body(),
    }),
    /** The request with one or two other parts. */
    changeRequest(request: RawRequest): RawRequest {
      const changed = random() < 0.7 ? [pick(names)] : [pick(names), pick(names)]
      return { ...request, ...Object.fromEntries(changed.map((name) => [name, parts[name]()])) }
    },
  }
}

/** The request as text, with line feeds alone. */
export function formatRequest({ method, authority, path, query, host, fields, body }: RawRequest): string {
  const length = body === '' ? [] : [`Content-Length: ${body.length}`]
  return [
    `${method} ${authority}${path}${query} HTTP/1.1`,
    `Host: ${host}`,
    ...fields,
    ...length,
    'Connection: close',
    '',
    body,
  ].join('\n')
}
