import { readString, rejectUnknownFields } from '../http/parameters'
import { Problem } from '../http/problem'
import { jsonResponse } from '../http/responses'
import type { AdminRequest, Route } from '../http/route'
import { arrayOf, boolean, dateTime, number, objectOf, string } from '../openapi/schema'
import type { Access, WarmableFunction } from '../options'
import type { WarmUp } from '../warm-up-runner'

/** Calls of a function in one request. */
const maxCalls = 500

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
    summary: 'The names of the warm-ups and of the functions, and the progress of those that were started.',
    response: objectOf({ names: arrayOf(string), functions: arrayOf(string), warmUps: arrayOf(warmUp) }),
    handleRequest: ({ managed: { warmUps }, options: { functions = {} }, access }) =>
      jsonResponse({
        names: warmUps.names,
        functions: Object.keys(functions),
        warmUps: describeRuns(warmUps.latestRuns(), access),
      }),
  },
  {
    method: 'POST',
    path: 'warm',
    action: 'warm',
    summary:
      'Starts a warm-up by name, unless it is running; or one of a function, by calling it with each list of arguments.',
    body: objectOf({
      'name?': string,
      'function?': string,
      'arguments?': { ...arrayOf(arrayOf({})), minItems: 1, maxItems: maxCalls },
    }),
    response: warmUp,
    async handleRequest(request) {
      const body = await request.readBody()
      rejectUnknownFields(body, ['name', 'function', 'arguments'])
      const hasName = body.name !== undefined
      if (hasName === (body.function !== undefined) || hasName === (body.arguments !== undefined))
        throw new Problem(400, 'Bad parameter', 'Give name; or function and arguments.')
      return jsonResponse(await (hasName ? startWarmUp(request, body) : startFunction(request, body)))
    },
  },
]

type Body = Awaited<ReturnType<AdminRequest['readBody']>>

async function startWarmUp({ managed, performAction }: AdminRequest, body: Body): Promise<WarmUp> {
  const { warmUps } = managed
  const name = readString(body, 'name') ?? ''
  if (!warmUps.names.includes(name))
    throw new Problem(404, 'No such warm-up', `The warm-ups are: ${describeNames(warmUps.names, 'warmUps')}.`)
  return performAction({ warmUp: name }, () => warmUps.start(name))
}

async function startFunction(request: AdminRequest, body: Body): Promise<WarmUp> {
  const { functions = {} } = request.options
  const { warmUps } = request.managed
  const name = readString(body, 'function') ?? ''
  const fn = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (fn === undefined)
    throw new Problem(
      404,
      'No such function',
      `The functions are: ${describeNames(Object.keys(functions), 'functions')}.`,
    )
  const calls = readCalls(body)
  const keys = calls.map((args, index) => makeKey(fn, args, index))
  // The run in progress has other arguments.
  if (warmUps.isFunctionRunning(name))
    throw new Problem(409, 'Running', `A warm-up of "${name}" is running. GET warm shows when it has ended.`)
  return request.performAction({ function: name, keys }, () => warmUps.startFunction(name, fn, calls))
}

/** @throws Problem 400 for anything but lists of arguments. */
function readCalls({ arguments: calls }: Body): readonly (readonly unknown[])[] {
  if (Array.isArray(calls) && calls.length > 0 && calls.length <= maxCalls && calls.every(Array.isArray))
    return calls
  throw new Problem(
    400,
    'Bad parameter',
    `arguments must have 1 to ${maxCalls} lists of arguments, one for each call: [[42], [43]].`,
  )
}

/** The key of a call. @throws Problem 400 for arguments of which the function makes no key. */
function makeKey(fn: WarmableFunction, args: readonly unknown[], index: number): string {
  try {
    return fn.keyOf(...(args as never[]))
  } catch {
    throw new Problem(400, 'Bad parameter', `The function cannot make a key of arguments[${index}].`)
  }
}

/** Messages of failures may hold secrets, such as the address of a database: only those with write access see them. */
export function describeRuns(runs: readonly WarmUp[], { may }: Access): readonly WarmUp[] {
  if (may === 'write') return runs
  return runs.map((run) => ({ ...run, report: run.report && { ...run.report, failures: [] } }))
}

/** The names of what the application offers by an option. */
export function describeNames(names: readonly string[], option: string): string {
  return names.join(', ') || `none; the application can offer some by the option ${option}`
}
