import { jsonResponse } from '../http/responses'
import type { Route } from '../http/route'
import { arrayOf, dateTime, number, objectOf, string } from '../openapi/schema'

/** The last errors of this process. */
export const errorRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'errors',
    summary:
      'The last 50 kinds of failure of this process that reached no caller, grouped by operation and message, the latest first.',
    response: objectOf({
      errors: arrayOf(
        objectOf({
          operation: string,
          message: string,
          'code?': string,
          count: number,
          firstAt: dateTime,
          lastAt: dateTime,
        }),
      ),
    }),
    handleRequest: ({ managed: { errors } }) => jsonResponse({ errors: errors.listNewest() }),
  },
]
