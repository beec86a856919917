import type { OpenStore } from '@larder/core'

/** One promise of a contract, and how to find out whether it is kept. */
export interface Check {
  /** As a sentence about what is checked. */
  readonly promise: string
  /** @throws where the promise is broken. */
  run(subject: Subject): Promise<void>
}

/** The store under test, made for one check. */
export interface Subject {
  /** Opens it for a cache: one of a name of its own, unless another is asked for. What was opened is closed afterwards. */
  open(cache?: string): OpenStore
  /** What the store told while it was open. */
  readonly evicted: readonly string[]
}

/** How long a condition may take to come true, in ms. */
const patience = 2_000

/** Asks again and again until `condition` holds. @throws an error that says what never came. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patience
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Waited ${patience} ms in vain until ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
