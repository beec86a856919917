// tier: long
import { differentialSuite, nodeHandlers, nodeLayers, pairLayers } from '@larder/http-suite'
import { startNoting } from './support/differential'

differentialSuite({
  handlers: [...nodeHandlers.keys()],
  pairs: pairLayers([...nodeLayers.keys()]),
  start: startNoting,
})
