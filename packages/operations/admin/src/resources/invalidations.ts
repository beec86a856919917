import { readInteger } from '../http/parameters'
import { jsonResponse } from '../http/responses'
import type { Route } from '../http/route'
import { arrayOf, dateTime, enumOf, number, objectOf, string } from '../openapi/schema'

/** The history of invalidations. */
export const invalidationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'invalidations',
    summary: 'The latest invalidations that this process made or received, the newest first.',
    query: [
      {
        name: 'limit',
        description: 'Number of invalidations at most.',
        schema: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
      },
    ],
    response: objectOf({
      invalidations: arrayOf(
        objectOf({
          at: dateTime,
          from: enumOf('here', 'log'),
          scope: string,
          mode: string,
          name: string,
          'delay?': number,
          'outcome?': string,
        }),
      ),
    }),
    handleRequest({ managed: { history }, query }) {
      const limit = readInteger(query, 'limit', { min: 1, max: 1_000, defaultValue: 100 })
      return jsonResponse({ invalidations: history.listNewest(limit) })
    },
  },
]
