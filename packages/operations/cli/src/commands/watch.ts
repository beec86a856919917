import { redisStore } from '@larder/redis'
import type { Command, Context } from '../command'
import { UsageError } from '../errors'
import { type Opened, withCache } from '../open-cache'
import { print } from '../print'
import { frame } from '../watch/frame'
import { type Happening, listen } from '../watch/happenings'
import { createSampler, type Sample } from '../watch/sample'
import { draw, onOwnScreen } from '../watch/screen'
import { ticks } from '../watch/ticks'

/** Between two pictures, in ms. */
const interval = 1_000
/** More than fit any screen. */
const happeningsKept = 200

export const watch: Command = {
  name: 'watch',
  about: 'A live view of the cache: invalidations as they arrive, and its server',
  words: '',
  wordCount: [0, 0],
  options: { for: { type: 'string', value: '30s', about: 'ends by itself after this long' } },
  examples: ['larder watch --name shop', 'larder watch --name shop --for 1m --json'],
  async run(context) {
    const { args, out } = context
    const total = args.duration('for') ?? Number.POSITIVE_INFINITY
    if (!args.flag('json') && !out.isScreen)
      throw new UsageError('The output is no terminal. Write: larder watch --json')
    const ending = new AbortController()
    const undo = out.onInterrupt(() => ending.abort())
    try {
      await withCache(context, (opened) =>
        args.flag('json')
          ? printLines(context, opened, total, ending.signal)
          : drawPictures(context, opened, total, ending.signal),
      )
      return 0
    } finally {
      undo()
    }
  },
}

/** One line for each invalidation, and one a second for the rest. */
async function printLines(
  context: Context,
  opened: Opened,
  total: number,
  signal: AbortSignal,
): Promise<void> {
  const printLine = (line: object) => print(context, line, () => [])
  const onHappening = (happening: Happening) => void printLine({ type: 'invalidation', ...happening })
  await follow(context, opened, { total, signal, onHappening }, (sample) =>
    printLine({ type: 'sample', ...sample }),
  )
}

async function drawPictures(
  context: Context,
  opened: Opened,
  total: number,
  signal: AbortSignal,
): Promise<void> {
  const { out, name } = context
  const title = `${name} at ${opened.server.address}`
  const happenings: Happening[] = []
  let count = 0
  let latest: Sample | undefined
  const redraw = () => draw(out, frame({ title, sample: latest, happenings, count }, out.size()))
  function onHappening(happening: Happening): void {
    count += 1
    happenings.unshift(happening)
    happenings.length = Math.min(happenings.length, happeningsKept)
  }
  await onOwnScreen(out, async () => {
    await redraw()
    await follow(context, opened, { total, signal, onHappening }, (sample) => {
      latest = sample
      return redraw()
    })
  })
}

interface Watching {
  readonly total: number
  readonly signal: AbortSignal
  onHappening(happening: Happening): void
}

async function follow(
  { clock, name, prefix }: Context,
  { cache, server }: Opened,
  { total, signal, onHappening }: Watching,
  onSample: (sample: Sample) => Promise<void>,
): Promise<void> {
  const stop = listen({ store: redisStore({ client: server.client, prefix }), name, clock, onHappening })
  try {
    const take = createSampler(server, cache, clock)
    for await (const _ of ticks({ clock, interval, total, signal })) await onSample(await take())
  } finally {
    await stop()
  }
}
