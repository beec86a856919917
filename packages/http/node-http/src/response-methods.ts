import type { ServerResponse } from 'node:http'

/** The arguments of a call, as they came. */
export type Args = readonly unknown[]

/** The methods by which a handler sends its response, and which layers replace to take part in that. */
export interface ResponseMethods {
  writeHead(...args: Args): ServerResponse
  write(...args: Args): boolean
  end(...args: Args): ServerResponse
}

/** The methods that the response has now. */
export function methodsOf({ writeHead, write, end }: ServerResponse): ResponseMethods {
  return { writeHead, write, end } as ResponseMethods
}

/** Takes back the `own` methods of a layer, except those that another layer has replaced since. */
export function restoreMethods(res: ServerResponse, own: ResponseMethods, previous: ResponseMethods): void {
  for (const name of ['writeHead', 'write', 'end'] as const)
    if (res[name] === own[name]) Object.assign(res, { [name]: previous[name] })
}

/** Whether nothing can be sent any more: the response has ended, or its client has left. */
export const isOver = (res: ServerResponse) => res.writableEnded || res.destroyed
