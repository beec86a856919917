import type { Fleet } from './fleet'

/** A session as its user's browser and an observer of all processes know it. Times are those of this process, in ms. */
interface Browser {
  readonly user: string
  id: string
  /** Ids that renewals have replaced. */
  readonly oldIds: string[]
  /** When it was certain that the session has ended, in whatever process. */
  endedAt: number | undefined
  /** Whether anything may have ended it. */
  mayHaveEnded: boolean
  /** The renewals that have begun. A request that overlaps one may have an id of before. */
  renewals: number
  isRenewing: boolean
  /** The latest value of each field that a save has confirmed, and the values that are being saved. */
  readonly saved: Map<string, number>
  readonly saving: Set<string>
}

interface BrowsersOptions {
  readonly fleet: Fleet
  /** Users whose browsers are never more than their places, so that no login ends a session. */
  readonly calmUsers: readonly string[]
  readonly crowdedUsers: readonly string[]
  /** Browsers of each user. */
  readonly perUser: number
}

const fields = ['a', 'b', 'c', 'd', 'e', 'f']
const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T

/** Browsers that use their sessions all at once, through any of the processes. Anything that must not happen is kept as text. */
export function createBrowsers({ fleet, calmUsers, crowdedUsers, perUser }: BrowsersOptions) {
  const users = [...calmUsers, ...crowdedUsers]
  const browsers = new Set<Browser>()
  const everyBrowser: Browser[] = []
  const faults: string[] = []
  /** The users of logins under way, of revocations under way, and of all revocations. */
  const logins: string[] = []
  const revoking: string[] = []
  const revocations: string[] = []
  let value = 0

  async function logIn(user: string): Promise<void> {
    logins.push(user)
    const revocationsBefore = revocations.length
    const isRevoking = revoking.includes(user)
    const id = await fleet.send({ name: 'create', call: { user } }).finally(() => {
      logins.splice(logins.indexOf(user), 1)
    })
    // A logout everywhere also ends logins under way.
    const isOvertaken = isRevoking || revocations.slice(revocationsBefore).includes(user)
    const mayHaveEnded = isOvertaken || crowdedUsers.includes(user)
    const browser: Browser = {
      user,
      id: String(id),
      oldIds: [],
      endedAt: undefined,
      mayHaveEnded,
      renewals: 0,
      isRenewing: false,
      saved: new Map(),
      saving: new Set(),
    }
    browsers.add(browser)
    everyBrowser.push(browser)
  }

  function end(browser: Browser): void {
    browser.endedAt ??= performance.now()
    browsers.delete(browser)
  }

  /** A request of the browser; `work` resolves to its reply, undefined if there was no session. */
  async function request<T>(
    browser: Browser,
    what: string,
    work: (id: string) => Promise<T>,
  ): Promise<T | undefined> {
    const { renewals, isRenewing } = browser
    const begunAt = performance.now()
    const reply = await work(browser.id)
    const isOver = reply === undefined || reply === 'ended'
    const hasEnded = browser.endedAt !== undefined && browser.endedAt < begunAt
    if (!isOver && hasEnded) faults.push(`${what}: a session that had ended was there`)
    if (!isOver) return reply
    const isOldId = reply === undefined && (isRenewing || browser.renewals !== renewals)
    if (isOldId) return undefined
    if (!browser.mayHaveEnded) faults.push(`${what}: a session that nobody had ended was gone`)
    end(browser)
    return undefined
  }

  async function read(browser: Browser, worker?: number): Promise<void> {
    const expected = [...browser.saved]
    const data = (await request(browser, 'read', (id) =>
      fleet.send({ name: 'read', call: { id } }, worker),
    )) as Record<string, number> | undefined
    for (const [field, least] of data === undefined ? [] : expected)
      if (!((data?.[field] ?? 0) >= least))
        faults.push(`read: ${field} was ${data?.[field]}, not ${least} or later`)
  }

  async function save(browser: Browser): Promise<void> {
    const field = pick(fields)
    // A field has one writer at a time: the last of two would be kept, whichever it is.
    if (browser.saving.has(field)) return
    browser.saving.add(field)
    value += 1
    const saved = value
    const before = browser.saved.get(field)
    // A save whose reply does not come may have been written or not: the field is not looked at again.
    browser.saved.delete(field)
    const call = { field, value: saved, pause: Math.random() * 20 }
    const reply = await request(browser, 'save', (id) => fleet.send({ name: 'save', call: { id, ...call } }))
    if (reply === 'saved') browser.saved.set(field, saved)
    else if (before !== undefined) browser.saved.set(field, before)
    browser.saving.delete(field)
  }

  async function renew(browser: Browser): Promise<void> {
    if (browser.isRenewing) return
    browser.isRenewing = true
    browser.renewals += 1
    try {
      const oldId = browser.id
      const call = { id: oldId, pause: Math.random() * 20 }
      const id = await fleet.send({ name: 'renew', call })
      if (id === undefined || id === 'ended') {
        if (!browser.mayHaveEnded) faults.push('renew: a session that nobody had ended was gone')
        return end(browser)
      }
      browser.oldIds.push(oldId)
      browser.id = String(id)
    } catch (error) {
      // The new id is lost with the reply.
      browser.mayHaveEnded = true
      browsers.delete(browser)
      throw error
    } finally {
      browser.isRenewing = false
    }
  }

  async function logOut(browser: Browser): Promise<void> {
    browser.mayHaveEnded = true
    await fleet.send({ name: 'revoke', call: { id: browser.id } })
    end(browser)
  }

  async function logOutEverywhere(user: string): Promise<void> {
    const older = [...browsers].filter((browser) => browser.user === user)
    for (const browser of older) browser.mayHaveEnded = true
    revocations.push(user)
    revoking.push(user)
    await fleet.send({ name: 'revokeAll', call: { user } }).finally(() => {
      revoking.splice(revoking.indexOf(user), 1)
    })
    older.forEach(end)
  }

  async function chooseAct(user: string): Promise<void> {
    const own = [...browsers].filter((browser) => browser.user === user)
    const browser = pick(own)
    const chance = Math.random()
    const isCrowded = crowdedUsers.includes(user)
    const hasPlace = own.length + logins.filter((other) => other === user).length < perUser
    if (browser === undefined || chance < (isCrowded ? 0.2 : 0.05))
      return isCrowded || hasPlace ? logIn(user) : undefined
    if (chance < 0.45) return save(browser)
    if (chance < 0.8) return read(browser)
    if (chance < 0.92) return renew(browser)
    if (chance < 0.98) return logOut(browser)
    return logOutEverywhere(user)
  }

  /** One of many things that users do at the same time. A call that fails, as by the death of its process, proves nothing. */
  async function act(): Promise<void> {
    await chooseAct(pick(users)).catch(() => undefined)
    // A choice to do nothing needs no turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
  }

  return {
    faults,
    users,
    /** Acts with this many hands at once until `work` has ended. */
    async actDuring(hands: number, work: () => Promise<void>): Promise<void> {
      let isOver = false
      async function actOn(): Promise<void> {
        while (!isOver) await act()
      }
      const acting = Promise.all(Array.from({ length: hands }, actOn))
      await work().finally(() => {
        isOver = true
      })
      await acting
    },
    /** All sessions of these users have ended, as by a flush. */
    endAll(): void {
      for (const browser of browsers) {
        browser.mayHaveEnded = true
        end(browser)
      }
    },
    /** From now on, anything may have ended the sessions that live. */
    expectLosses(): void {
      for (const browser of browsers) browser.mayHaveEnded = true
    },
    async logOutAll(): Promise<void> {
      for (const user of users) await logOutEverywhere(user)
    },
    /** Reads each session by each process. Resolves to the number of ids that let somebody in and must not. */
    async countRevived(): Promise<number> {
      let revived = 0
      const refused = everyBrowser.flatMap(({ id, oldIds, endedAt }) =>
        endedAt === undefined ? oldIds : [...oldIds, id],
      )
      for (let worker = 0; worker < fleet.size; worker += 1) {
        const replies = await Promise.all(
          refused.map((id) => fleet.send({ name: 'read', call: { id } }, worker)),
        )
        revived += replies.filter((reply) => reply !== undefined).length
        await Promise.all([...browsers].map((browser) => read(browser, worker)))
      }
      return revived
    },
  }
}
