import type { Query } from './database'

/** A query for a database that another thread or process holds. */
export interface QueryRequest {
  readonly id: number
  readonly sql: string
  readonly params: readonly unknown[]
}

/** The answer to the request of that id. */
export type QueryResponse =
  | { readonly id: number; readonly rows: unknown[] }
  | { readonly id: number; readonly error: string }

interface Waiting {
  resolve(rows: never[]): void
  reject(error: Error): void
}

/** A query function over messages. `receive` takes the responses, in any order. */
export function createRemoteQuery(send: (request: QueryRequest) => void): {
  query: Query
  receive(response: QueryResponse): void
} {
  const waiting = new Map<number, Waiting>()
  let requests = 0
  return {
    query: (sql, params = []) =>
      new Promise((resolve, reject) => {
        requests += 1
        waiting.set(requests, { resolve, reject })
        send({ id: requests, sql, params })
      }),
    receive(response) {
      const caller = waiting.get(response.id)
      waiting.delete(response.id)
      if ('error' in response) caller?.reject(new Error(response.error))
      else caller?.resolve(response.rows as never[])
    },
  }
}

/** Runs the query of a request where the database is. Never rejects. */
export async function answerQuery(query: Query, { id, sql, params }: QueryRequest): Promise<QueryResponse> {
  try {
    return { id, rows: await query(sql, params) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}
