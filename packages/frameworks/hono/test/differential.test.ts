// tier: slow
import { differentialSuite, pairLayers } from '@larder/http-suite'
import { handlers, isUnanswered, layers, startNoting, withoutServerChoices } from './support/differential'

differentialSuite({
  handlers: [...handlers.keys()],
  pairs: pairLayers(Object.keys(layers)),
  normalise: withoutServerChoices,
  start: startNoting,
  isUnanswered,
  sample: { size: 40, seed: 1 },
})
