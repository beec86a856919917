import { systemClock } from './contracts/clock'

/** The part of `AsyncLocalStorage` that the cache uses, so that a runtime without it can have a stand-in. */
interface AsyncStorage<T> {
  getStore(): T | undefined
  run<R>(store: T | undefined, work: () => R): R
  disable(): void
}

/** The computations and transactions of a cache that are under way: while there are none, none of its scopes need be read. */
export interface ActiveScopes {
  count: number
}

/** A value that follows asynchronous calls. */
interface AsyncScope<T> extends AsyncStorage<T> {
  /** Values are followed until as many calls of `endUse`, and for an unspecified time after that. */
  beginUse(): void
  endUse(): void
  /** Runs work without a value from now on. */
  disable(): void
}

/** The value of one scope in an asynchronous context, and those of the scopes around it. */
interface Frame {
  readonly scope: object
  readonly value: unknown
  readonly outer: Frame | undefined
}

type FrameStorage = AsyncStorage<Frame>

/** Serves the scopes of all caches: Node before 24 slows every promise of the process by each storage. */
let sharedStorage: FrameStorage | undefined
let openScopes = 0

/** Computations and transactions under way, in all caches. */
let uses = 0

/** How long values are followed after the last use, in ms: to start and to stop following takes some microseconds. */
const idleTime = 50
let isIdleCheckDue = false

/** Runtimes without libuv follow values at no cost, and some of them cannot stop. */
const canStop = globalThis.process?.versions?.uv !== undefined

const doNothing = () => undefined

/**
 * A value that follows asynchronous calls, and whose uses count among those of its cache. A runtime without
 * `node:async_hooks` gets a scope that never has a value.
 */
export function createAsyncScope<T>(activeScopes: ActiveScopes): AsyncScope<T> {
  const hooks = loadAsyncHooks()
  if (hooks === undefined) {
    const run = <R>(_: unknown, work: () => R) => work()
    return { getStore: doNothing, run, beginUse: doNothing, endUse: doNothing, disable: doNothing }
  }
  sharedStorage ??= new hooks.AsyncLocalStorage<Frame | undefined>()
  return createScopeWithin(sharedStorage, activeScopes)
}

function createScopeWithin<T>(storage: FrameStorage, activeScopes: ActiveScopes): AsyncScope<T> {
  const scope = {}
  let isOpen = true
  openScopes += 1

  return {
    getStore: () => findFrame(storage.getStore(), scope)?.value as T | undefined,
    run(value, work) {
      // Running in a disabled storage would enable it again.
      if (!isOpen) return work()
      // Work that starts itself again would make the chain longer each time.
      const outer = withoutScope(storage.getStore(), scope)
      return storage.run(value === undefined ? outer : { scope, value, outer }, work)
    },
    beginUse() {
      activeScopes.count += 1
      uses += 1
    },
    endUse() {
      activeScopes.count -= 1
      uses -= 1
      if (uses === 0 && canStop) stopWhenIdle(storage)
    },
    disable() {
      if (!isOpen) return
      isOpen = false
      openScopes -= 1
      if (openScopes === 0) storage.disable()
    },
  }
}

/**
 * Node before 24 follows a storage through every promise, tick and request of the process from its first `run` on: that
 * costs a server several microseconds per request, so it must not outlast the computations.
 */
function stopWhenIdle(storage: FrameStorage): void {
  if (isIdleCheckDue) return
  isIdleCheckDue = true
  systemClock.background(idleTime, () => {
    isIdleCheckDue = false
    if (uses === 0) storage.disable()
  })
}

const noValues: readonly unknown[] = []

/** The values of all scopes around the caller, innermost first. */
export function valuesAround(): readonly unknown[] {
  let frame = sharedStorage?.getStore()
  if (frame === undefined) return noValues
  const values: unknown[] = []
  for (; frame !== undefined; frame = frame.outer) values.push(frame.value)
  return values
}

function findFrame(innermost: Frame | undefined, scope: object): Frame | undefined {
  let frame = innermost
  while (frame !== undefined && frame.scope !== scope) frame = frame.outer
  return frame
}

function withoutScope(innermost: Frame | undefined, scope: object): Frame | undefined {
  if (innermost === undefined) return undefined
  if (innermost.scope === scope) return innermost.outer
  const outer = withoutScope(innermost.outer, scope)
  return outer === innermost.outer ? innermost : { ...innermost, outer }
}

/** Whether the runtime can tell to which computation or transaction a call belongs. */
export function hasAsyncScopes(): boolean {
  return loadAsyncHooks() !== undefined
}

const runUnbound = loadAsyncHooks()?.AsyncLocalStorage.snapshot()

/**
 * Runs `work` in the async context in which this module was loaded. Timers and sockets keep the context in which they were
 * created: without this, those of a cache that the first request creates would hold that request for ever, and its trace
 * would never end.
 */
export function runOutsideContexts<R>(work: () => R): R {
  return runUnbound === undefined ? work() : runUnbound(work)
}

function loadAsyncHooks(): typeof import('node:async_hooks') | undefined {
  return globalThis.process?.getBuiltinModule?.('node:async_hooks')
}
