import { readBoolean, readCount, readString, rejectUnknownFields } from '../http/parameters'
import { Problem } from '../http/problem'
import { jsonResponse } from '../http/responses'
import type { AdminRequest, Route } from '../http/route'
import type { Run } from '../job-runner'
import { arrayOf, boolean, dateTime, number, objectOf, string } from '../openapi/schema'
import type { Access } from '../options'
import { describeNames } from './warm-ups'

/** Entries that an audit compares at most: at 10 per second, in less than two minutes. */
const maxSample = 1_000

const audit = objectOf({
  name: string,
  startedAt: dateTime,
  'report?': objectOf({
    compared: number,
    different: arrayOf(objectOf({ key: string, age: number, tags: arrayOf(string) })),
    passed: number,
    failed: number,
    duration: number,
    repair: boolean,
  }),
  'failure?': string,
})

const sweep = objectOf({
  name: string,
  startedAt: dateTime,
  'report?': objectOf({ removed: number, duration: number }),
  'failure?': string,
})

/** Audits and sweeps, which run in the background and end in a report. */
export const maintenanceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'audit',
    summary: 'The names of the audits, and the latest run of each that was started.',
    response: objectOf({ names: arrayOf(string), audits: arrayOf(audit) }),
    handleRequest: ({ managed: { maintenance }, access }) =>
      jsonResponse({
        names: maintenance.auditNames,
        audits: maintenance.latestAudits().map((run) => describeRun(run, access)),
      }),
  },
  {
    method: 'POST',
    path: 'audit',
    action: 'audit',
    summary:
      'Starts to compare a sample of the entries with their source; with repair, deletes those that differ.',
    body: objectOf({
      name: string,
      'sample?': { type: 'integer', minimum: 1, maximum: maxSample },
      'repair?': boolean,
    }),
    response: audit,
    handleRequest: startAudit,
  },
  {
    method: 'GET',
    path: 'sweep',
    summary: 'The latest sweep, if there was one.',
    response: objectOf({ 'sweep?': sweep }),
    handleRequest({ managed: { maintenance }, access }) {
      const latest = maintenance.latestSweep()
      return jsonResponse({ sweep: latest && describeRun(latest, access) })
    },
  },
  {
    method: 'POST',
    path: 'sweep',
    action: 'sweep',
    summary: 'Starts to remove entries that can never be served again, unless a sweep is running.',
    body: objectOf({}),
    response: sweep,
    async handleRequest({ managed: { maintenance }, readBody, performAction }) {
      rejectUnknownFields(await readBody(), [])
      return jsonResponse(await performAction({}, maintenance.startSweep))
    },
  },
]

async function startAudit({ managed, readBody, performAction }: AdminRequest): Promise<Response> {
  const { maintenance } = managed
  const body = await readBody()
  rejectUnknownFields(body, ['name', 'sample', 'repair'])
  const name = readString(body, 'name') ?? ''
  const sample = readCount(body, 'sample', maxSample)
  const repair = readBoolean(body, 'repair')
  if (!maintenance.auditNames.includes(name))
    throw new Problem(
      404,
      'No such audit',
      `The audits are: ${describeNames(maintenance.auditNames, 'audits')}.`,
    )
  // The run in progress may have another sample, and may not repair.
  if (maintenance.isAuditRunning(name))
    throw new Problem(409, 'Running', `The audit "${name}" is running. GET audit shows when it has ended.`)
  const changes = { ...(sample !== undefined && { sample }), ...(repair !== undefined && { repair }) }
  const run = await performAction({ audit: name, repair }, () => maintenance.startAudit(name, changes))
  return jsonResponse(run)
}

/** Messages of failures may hold secrets, such as the address of a database: only those with write access see them. */
function describeRun<Report>(run: Run<Report>, { may }: Access): Run<Report> {
  return may === 'write' || run.failure === undefined ? run : { ...run, failure: 'It failed.' }
}
