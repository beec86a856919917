import { LarderError } from '../errors'

/** The methods of a list that a callback calls on its first argument if it took the list for it. */
const listMethods = [
  'map',
  'flatMap',
  'forEach',
  'filter',
  'some',
  'every',
  'reduce',
  'join',
  'sort',
] as const

/**
 * Makes the list of arguments that the callbacks of one option receive: `([id], user) => …`. It is an ordinary list, except
 * that it cannot be taken for its first argument: `(id) => 'user:' + id` would make `user:7,en` of it, and
 * `({ id }) => 'user:' + id` would make `user:undefined`, silently.
 *
 * @param option - Begins the error: `The option tags of "user"`.
 */
export function createArgumentLists(option: string): <A extends unknown[]>(args: A) => A {
  const fail = (): never => {
    throw new LarderError(
      'BAD_ARGUMENT',
      `${option} gets the arguments of the call as one list, and took it for the first of them. Write ([id]) => … instead of (id) => …, or (args) => args.join() for all of them.`,
    )
  }
  const prototype = createPrototype(fail)
  return (args) => Object.setPrototypeOf(args, prototype)
}

/** Behind the methods of a list stands a proxy, so that only names that a list does not have cost anything. */
function createPrototype(fail: () => never): object {
  const unknownNames = new Proxy(Array.prototype, {
    get(target, name, list) {
      if (isPropertyOf(list[0], name)) fail()
      return Reflect.get(target, name, list)
    },
  })
  const own = Object.getOwnPropertyDescriptors<object>(Array.prototype) as PropertyDescriptorMap
  for (const method of listMethods) own[method] = { value: guardMethod(method, fail), configurable: true }
  const asText = { value: fail, configurable: true }
  const { length, ...methods } = own
  return Object.create(unknownNames, {
    ...methods,
    toString: asText,
    toLocaleString: asText,
    [Symbol.toPrimitive]: asText,
  })
}

/** Whether a name that lists do not have is one of the argument: `id` of a row, `toLowerCase` of a text. */
function isPropertyOf(argument: unknown, name: PropertyKey): boolean {
  if (typeof name !== 'string' || argument === null || argument === undefined) return false
  if (typeof argument === 'object') return Object.hasOwn(argument, name)
  return name in Object(argument) && !(name in Object.prototype)
}

/** A callback that walks through a list of one argument, which is a list itself, means the latter. */
function guardMethod(method: (typeof listMethods)[number], fail: () => never) {
  const original = Array.prototype[method] as (...args: unknown[]) => unknown
  return function (this: unknown[], ...args: unknown[]): unknown {
    if (this.length === 1 && Array.isArray(this[0])) fail()
    return original.apply(this, args)
  }
}
