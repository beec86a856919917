import { numberIn } from '../http/parameters'
import { json } from '../http/problem'
import type { Route } from '../http/route'
import { choice, date, list, number, object, text } from '../openapi/schema'

/** What was invalidated. */
export const invalidationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'invalidations',
    summary: 'The last invalidations that this process made or heard of, the newest first.',
    query: [
      {
        name: 'limit',
        description: 'At most.',
        schema: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
      },
    ],
    answer: object({
      invalidations: list(
        object({
          at: date,
          from: choice('here', 'log'),
          scope: text,
          mode: text,
          name: text,
          'delay?': number,
          'outcome?': text,
        }),
      ),
    }),
    handle: ({ operated: { history }, query }) =>
      json({
        invalidations: history.newest(numberIn(query, 'limit', { min: 1, max: 1_000, otherwise: 100 })),
      }),
  },
]
