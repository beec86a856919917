import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createManagedApp, origin } from './support/managed-app'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a client of GET live', () => {
  test('that leaves while authorize is asked gives its place back, and leaves no timer', async () => {
    let isPatient = false
    const { handleRequest, get } = createManagedApp({
      async authorize(request) {
        if (isPatient) return true
        await new Promise((resolve) => request.signal.addEventListener('abort', resolve, { once: true }))
        return true
      },
    })
    const timers = vi.getTimerCount()
    for (let client = 0; client < 60; client += 1) {
      const controller = new AbortController()
      const response = handleRequest(new Request(`${origin}/live`, { signal: controller.signal }))
      controller.abort()
      expect((await response).status).toBe(200)
    }
    expect(vi.getTimerCount()).toBe(timers)
    isPatient = true
    expect((await get('live')).status).toBe(200)
  })

  test('takes a place of its own handler, and gives it back when it stops reading', async () => {
    const app = createManagedApp()
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => app.handleRequest(new Request(`${origin}/live`))),
    )
    expect((await app.get('live')).body).toMatchObject({ status: 503, title: 'Too many listeners' })
    expect((await createManagedApp().get('live')).status).toBe(200)
    await responses[0]?.body?.cancel()
    expect((await app.get('live')).status).toBe(200)
  })

  test.each([
    ['refuses', () => false],
    ['throws', () => Promise.reject(new Error('down'))],
  ])('gets no further event once authorize, asked again each minute, %s', async (_, refuse) => {
    let decide: () => boolean | Promise<boolean> = () => true
    const { handleRequest } = createManagedApp({ authorize: () => decide() })
    const { body } = await handleRequest(new Request(`${origin}/live`))
    const reader = body?.getReader()
    await vi.advanceTimersByTimeAsync(61_000)
    expect((await reader?.read())?.done).toBe(false)
    decide = refuse
    await vi.advanceTimersByTimeAsync(60_000)
    while (!(await reader?.read())?.done);
    expect(vi.getTimerCount()).toBeLessThan(3)
  })
})
