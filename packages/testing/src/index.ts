export { type ArbitraryLink, arbitraryKey, arbitraryTag, arbitraryTagGraph } from './arbitraries/names'
export { type ArbitraryEntry, arbitraryDuration, arbitraryEntry, arbitraryValue } from './arbitraries/values'
export { flushEventLoop } from './clock/flush'
export { seededRandom } from './clock/seeded-random'
export { type VirtualClock, type VirtualClockOptions, virtualClock } from './clock/virtual-clock'
export type {
  Application,
  CoherenceOptions,
  CoherentRead,
  CoherentWrite,
  Tools,
} from './coherence/application'
export { checkCoherence, coherenceProperty } from './coherence/check-coherence'
export type { Step } from './coherence/steps'
export type { Check, StoreUnderTest } from './conformance/check'
export { type Contract, storeConformance, type TestRunner } from './conformance/store-conformance'
export { passThroughCache } from './doubles/pass-through-cache'
export { type RecordedInvalidation, type RecordingCache, recordingCache } from './doubles/recording-cache'
export { type Deviation, deviateOnce } from './exploration/choices'
export {
  type Exploration,
  type ExplorationOptions,
  exploredFaults,
  exploreSchedules,
  type FailedSchedule,
  usualSchedules,
} from './exploration/explore-schedules'
export { runSchedule, type ScheduleRun } from './exploration/run-schedule'
export { formatSchedule, parseSchedule, type Schedule } from './exploration/schedule'
export { type Faults, type FaultyStore, faultyStore } from './faults/faulty-store'
export { type IncidentName, incidentNames } from './incidents/incidents'
export { type IncidentOptions, type IncidentRun, simulateIncident } from './incidents/simulate-incident'
export { type CacheCommandsOptions, type CacheUnderTest, cacheCommands } from './model/cache-commands'
export { type CacheModel, cacheModel } from './model/cache-model'
export {
  type ConsistencyGuarantee,
  checkHistory,
  type HistoryCheck,
  type Violation,
} from './simulation/check-history'
export { type FaultName, faultNames } from './simulation/faults'
export type { Demand, FaultRecord, History, ReadRecord, WriteRecord } from './simulation/history'
export { type Simulation, type SimulationOptions, simulate } from './simulation/simulate'
export { type FleetOptions, type FleetRun, simulateFleet } from './simulation/simulate-fleet'
export type { MakeCache } from './simulation/world'
