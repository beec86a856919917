import { LarderError } from '../errors'
import { isProduction } from '../is-production'
import { runAsPromiseJob } from '../real-scheduling'

/** The function that a name belongs to, and the file of the call that wrapped it. */
interface Owner {
  readonly fn: WeakRef<object>
  readonly isShared: boolean
  /** Undefined in production, and for a call inside a function. */
  readonly module: string | undefined
  readonly turn: number
}

/** More names are not remembered: they come from data, and are not written in the code. */
const maxNames = 10_000

/**
 * The names of the wrapped functions of one cache: two functions of one name would read each other's values. A module that
 * is evaluated again in development replaces the functions that it wrapped before.
 */
export function createWrappedNames() {
  const owners = new Map<string, Owner>()
  let turn = 0

  /**
   * Claims `name` for `fn`; `prefix` begins all keys of the function, and `wrap` is the method that the application called.
   * @throws LarderError `BAD_OPTION` if another function has the name.
   */
  return (prefix: string, name: string, fn: object, isShared: boolean, wrap: CallableFunction): void => {
    const known = owners.get(prefix)
    const owned = known?.fn.deref()
    const module = callingModule(wrap)
    const isReplaced = module !== undefined && known?.module === module && known.turn !== turn
    if (owned !== undefined && owned !== fn && !isReplaced && !(isShared && known?.isShared))
      throw takenError(name)
    if (owners.size >= maxNames && known === undefined) return
    owners.set(prefix, { fn: new WeakRef(fn), isShared, module, turn })
    // A second evaluation of a module happens in a later turn than its first; two calls in one evaluation do not.
    runAsPromiseJob(() => {
      turn += 1
    })
  }
}

/** A frame that only a module's own code has, outside every function, as bundlers name it. */
const moduleFrame = /^at (?:async )?(?:eval|module evaluation|[^(]*[/[][^(]*) \((.*)\)$/

/** A frame without a name: of a module's own code, or of an anonymous function. */
const namelessFrame = /^at (?:(?:Object|Module)\.<anonymous> \((.*)\)|([^(]*))$/

/** A frame that evaluates modules: of Node, of its `vm`, or of a bundler's or test runner's loader. */
const loaderFrame =
  /^at (?:async )?(?:Module\._compile|ModuleJob\.|Script\.runIn|\S*(?:[rR]un|[eE]val|[eE]xec)\w*Module)/

/** The file whose own code calls `wrap`, outside every function. Undefined in production, and where stacks are not V8's. */
function callingModule(wrap: CallableFunction): string | undefined {
  if (isProduction()) return undefined
  const trace: { stack?: string } = {}
  Error.captureStackTrace?.(trace, wrap)
  const [, frame = '', caller = ''] = trace.stack?.split('\n').map((line) => line.trim()) ?? []
  const nameless = loaderFrame.test(caller) ? namelessFrame.exec(frame) : null
  const place = moduleFrame.exec(frame)?.[1] ?? nameless?.[1] ?? nameless?.[2]
  return place?.replace(/(\?[^:]*)?:\d+:\d+$/, '')
}

function takenError(name: string): LarderError {
  return new LarderError(
    'BAD_OPTION',
    `wrap: the name "${name}" belongs to another function of this cache, and both would read each other's values. Write wrap(fn, { name: 'users.${name}' }), or { name: '${name}', shared: true } for both if they read the same data.`,
  )
}
