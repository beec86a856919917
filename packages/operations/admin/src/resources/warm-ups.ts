import { readString, rejectUnknownFields } from '../http/parameters'
import { Problem } from '../http/problem'
import { jsonResponse } from '../http/responses'
import type { Route } from '../http/route'
import { arrayOf, boolean, dateTime, number, objectOf, string } from '../openapi/schema'
import type { Access } from '../options'
import type { WarmUp } from '../warm-up-runner'

const warmUp = objectOf({
  name: string,
  startedAt: dateTime,
  'progress?': objectOf({ done: number, failed: number, 'total?': number, elapsed: number }),
  'report?': objectOf({
    done: number,
    failed: number,
    failures: arrayOf(string),
    duration: number,
    wasStopped: boolean,
  }),
})

/** Listing and starting warm-ups. */
export const warmUpRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'warm',
    summary: 'The names of the warm-ups, and the progress of those that were started.',
    response: objectOf({ names: arrayOf(string), warmUps: arrayOf(warmUp) }),
    handleRequest: ({ managed: { warmUps }, access }) =>
      jsonResponse({ names: warmUps.names, warmUps: describeRuns(warmUps.latestRuns(), access) }),
  },
  {
    method: 'POST',
    path: 'warm',
    action: 'warm',
    summary: 'Starts a warm-up, unless it is running.',
    body: objectOf({ name: string }),
    response: warmUp,
    async handleRequest(request) {
      const { warmUps } = request.managed
      const body = await request.readBody()
      rejectUnknownFields(body, ['name'])
      const name = readString(body, 'name') ?? ''
      if (!warmUps.names.includes(name))
        throw new Problem(404, 'No such warm-up', `The warm-ups are: ${listNames(warmUps.names)}.`)
      return jsonResponse(await request.performAction({ warmUp: name }, () => warmUps.start(name)))
    },
  },
]

/** Messages of failures may hold secrets, such as the address of a database: only those with write access see them. */
export function describeRuns(runs: readonly WarmUp[], { may }: Access): readonly WarmUp[] {
  if (may === 'write') return runs
  return runs.map((run) => ({ ...run, report: run.report && { ...run.report, failures: [] } }))
}

function listNames(names: readonly string[]): string {
  return names.join(', ') || 'none; the application can offer some by the option warmUps'
}
