export { seededRandom } from './clock/random'
export { settle } from './clock/settle'
export { type VirtualClock, type VirtualClockOptions, virtualClock } from './clock/virtual-clock'
