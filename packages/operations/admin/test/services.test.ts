import type { Service } from '@larder/core'
import { expect, test } from 'vitest'
import type { AdminAction } from '../src/index'
import { createManagedApp } from './support/managed-app'

const opened: string[] = []
let isAway = false
const gates: Service = {
  kind: 'gate',
  name: 'front door',
  instruments: [
    {
      kind: 'counter',
      name: 'gate.openings',
      unit: '{opening}',
      description: 'Openings of gates, by side',
      read: (observe) => observe(opened.length, { 'gate.side': 'left' }),
    },
    {
      kind: 'histogram',
      name: 'gate.duration',
      unit: 's',
      description: 'Time that a gate took',
      bounds: [1],
      listen: () => () => undefined,
    },
    {
      kind: 'gauge',
      name: 'gate.circuit.open',
      unit: '{circuit}',
      description: '1 while the gates are left alone',
      read: (observe) => observe(isAway ? 1 : 0),
    },
  ],
  resources: [
    {
      method: 'GET',
      path: 'state',
      summary: 'Which gates are open.',
      response: { type: 'object' },
      handle: async () => ({ opened }),
    },
    {
      method: 'POST',
      path: 'open',
      summary: 'Opens a gate.',
      action: 'open',
      body: { type: 'object' },
      response: { type: 'object' },
      async handle({ readBody, perform }) {
        const { gate } = await readBody()
        return perform([String(gate)], async () => ({ opened: opened.push(String(gate)) }))
      },
    },
  ],
}

test('views and changes of a service are in the API and its description, and changes are recorded', async () => {
  const actions: AdminAction[] = []
  const app = createManagedApp({ services: [gates], onAction: (action) => actions.push(action) })
  const root = 'services/gate/front%20door'
  expect(await app.post(`${root}/open`, { gate: 'left' })).toMatchObject({ status: 200, body: { opened: 1 } })
  expect(await app.get(`${root}/state`)).toMatchObject({ status: 200, body: { opened: ['left'] } })
  expect(actions).toMatchObject([
    { action: 'gate.open', outcome: 'done', targets: { service: 'front door', subjects: ['left'] } },
  ])
  const { paths } = (await app.get('openapi.json')).body as { paths: object }
  expect(Object.keys(paths)).toEqual(expect.arrayContaining([`/${root}/state`, `/${root}/open`]))
})

test('GET services has what each service counts in this process, and whether it does without its store', async () => {
  const broken: Service = {
    ...gates,
    name: 'back door',
    instruments: gates.instruments.map((instrument) =>
      instrument.kind === 'histogram'
        ? instrument
        : {
            ...instrument,
            read: () => {
              throw new Error('stuck')
            },
          },
    ),
  }
  const app = createManagedApp({ services: [gates, broken], authorize: () => ({ may: 'read' }) })
  isAway = true
  expect((await app.get('services')).body).toEqual({
    services: [
      {
        kind: 'gate',
        name: 'front door',
        isAway: true,
        readings: [
          expect.objectContaining({ name: 'gate.openings', values: { left: opened.length } }),
          expect.objectContaining({ name: 'gate.circuit.open', values: { '': 1 } }),
        ],
      },
      { kind: 'gate', name: 'back door', isAway: false, readings: [], failure: 'Error: stuck' },
    ],
  })
  isAway = false
})

test('a user with read access sees the views of a service and changes nothing', async () => {
  const app = createManagedApp({ services: [gates], authorize: () => ({ may: 'read' }) })
  expect((await app.get('services/gate/front%20door/state')).status).toBe(200)
  expect((await app.post('services/gate/front%20door/open', { gate: 'right' })).status).toBe(403)
  expect(opened).not.toContain('right')
})
