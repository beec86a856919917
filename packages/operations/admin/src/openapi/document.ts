import type { Route } from '../http/route'
import { needed } from '../http/route'
import { number, object, text } from './schema'

const problem = {
  description: 'Why not (RFC 9457)',
  content: { 'application/problem+json': { schema: object({ status: number, title: text, detail: text }) } },
}

const cache = {
  name: 'cache',
  in: 'query',
  description: 'Which cache is meant, where there are several.',
  schema: text,
}

/** The routes as OpenAPI 3.1 describes them. */
export function openApiDocument(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = `/${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Larder', version: '1', description: 'Operates the caches of an application.' },
    paths,
  }
}

function operationOf(route: Route) {
  const { method, path, summary, query = [], body, answer, type = 'application/json' } = route
  return {
    operationId: `${method.toLowerCase()} ${path}`
      .replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())
      .replace(/\W/g, ''),
    summary,
    'x-access': needed(route),
    parameters: [
      cache,
      ...namesIn(path).map((name) => ({ name, in: 'path', required: true, schema: text })),
      ...query.map((parameter) => ({ ...parameter, in: 'query' })),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      200: { description: summary, content: { [type]: { schema: answer } } },
      ...(path === 'health'
        ? { 503: { description: 'It cannot.', content: { [type]: { schema: answer } } } }
        : {}),
      default: problem,
    },
  }
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}
