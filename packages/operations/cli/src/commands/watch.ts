import { redisStore } from '@larder/redis'
import type { Command, CommandContext } from '../command'
import { UsageError } from '../errors'
import { printResult } from '../print-result'
import { drawLines, withAlternateScreen } from '../watch/alternate-screen'
import { renderFrame } from '../watch/frame'
import { createNameCounts } from '../watch/name-counts'
import { followInvalidations, type ReceivedInvalidation } from '../watch/received-invalidations'
import { createSampler, type Sample } from '../watch/sampler'
import { tickEvery } from '../watch/tick-every'
import { type OpenCache, withCache } from '../with-cache'

/** Between two samples, in ms. */
const sampleInterval = 1_000
/** More than fit on any screen. */
const maxInvalidationsKept = 200
/** Names listed with their counts. */
const frequentNames = 3
/** `q`, and Ctrl-C, which is a key like others while single keys are read. */
const leavingKeys = ['q', 'Q', '\u0003']

export const watch: Command = {
  name: 'watch',
  description: 'Show a live view of the cache: invalidations as they arrive, and its server',
  target: 'cache',
  operands: '',
  operandCount: [0, 0],
  options: { for: { type: 'string', placeholder: '30s', description: 'stop after this long' } },
  examples: ['larder watch --name shop', 'larder watch --name shop --for 1m --json'],
  async run(context) {
    const { args, terminal } = context
    const duration = args.getDuration('for') ?? Number.POSITIVE_INFINITY
    if (!args.hasFlag('json') && !terminal.isScreen)
      throw new UsageError('The output is not a terminal. Write: larder watch --json')
    const interruption = new AbortController()
    const leave = () => interruption.abort()
    const removeListener = terminal.onInterrupt(leave)
    const session = { duration, signal: interruption.signal }
    try {
      await withCache(context, (opened) =>
        args.hasFlag('json')
          ? printJsonLines(context, opened, session)
          : drawUntilLeft(context, opened, session, leave),
      )
      return 0
    } finally {
      removeListener()
    }
  },
}

/** How long to watch: for `duration` ms, or until the signal is aborted. */
interface WatchSession {
  readonly duration: number
  readonly signal: AbortSignal
}

/** Receives the observations of a watch. */
interface WatchListener {
  onInvalidation(invalidation: ReceivedInvalidation): void
  onSample(sample: Sample): Promise<void>
}

/** Prints one line per invalidation, and one line per sample. */
async function printJsonLines(
  context: CommandContext,
  opened: OpenCache,
  session: WatchSession,
): Promise<void> {
  const printLine = (line: object) => printResult(context, line, () => [])
  await watchCache(context, opened, session, {
    onInvalidation: (invalidation) => void printLine({ type: 'invalidation', ...invalidation }),
    onSample: (sample) => printLine({ type: 'sample', ...sample }),
  })
}

/** Draws the live view until a key or a signal leaves it. */
async function drawUntilLeft(
  context: CommandContext,
  opened: OpenCache,
  session: WatchSession,
  leave: () => void,
): Promise<void> {
  const removeListener = context.terminal.onKey((key) => {
    if (leavingKeys.includes(key)) leave()
  })
  try {
    await drawLiveView(context, opened, session)
  } finally {
    removeListener()
  }
}

async function drawLiveView(
  context: CommandContext,
  opened: OpenCache,
  session: WatchSession,
): Promise<void> {
  const { terminal, name } = context
  const title = `${name} at ${opened.server.address}`
  const invalidations: ReceivedInvalidation[] = []
  const counts = createNameCounts()
  let count = 0
  let sample: Sample | undefined
  const redrawView = () =>
    drawLines(
      terminal,
      renderFrame(
        { title, sample, invalidations, count, mostFrequent: counts.listMostFrequent(frequentNames) },
        terminal.getSize(),
      ),
    )
  await withAlternateScreen(terminal, async () => {
    await redrawView()
    await watchCache(context, opened, session, {
      onInvalidation(invalidation) {
        count += 1
        counts.add(invalidation.name)
        invalidations.unshift(invalidation)
        invalidations.length = Math.min(invalidations.length, maxInvalidationsKept)
      },
      onSample(latest) {
        sample = latest
        return redrawView()
      },
    })
  })
}

async function watchCache(
  { clock, name, prefix }: CommandContext,
  { cache, server }: OpenCache,
  { duration, signal }: WatchSession,
  { onInvalidation, onSample }: WatchListener,
): Promise<void> {
  const store = redisStore({ client: server.client, prefix })
  const stopFollowing = followInvalidations({ store, name, clock, onInvalidation })
  try {
    const takeSample = createSampler(server, cache, clock)
    for await (const _ of tickEvery({ clock, interval: sampleInterval, duration, signal }))
      await onSample(await takeSample())
  } finally {
    await stopFollowing()
  }
}
