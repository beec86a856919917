export { type ByteSize, type ByteSizeText, toBytes } from './arguments/byte-size'
export { checkOptions, type OptionTable } from './arguments/check-options'
export { describeValue } from './arguments/describe-value'
export { findNearestName } from './arguments/nearest-name'
export {
  anyKind,
  booleanKind,
  byteSizeKind,
  choiceKind,
  countKind,
  durationKind,
  functionKind,
  kindOf,
  nameKind,
  type OptionKind,
  objectKind,
  schemaKind,
  textKind,
} from './arguments/option-kinds'
export { createCache } from './cache'
export type { CacheOptions, CompressionOptions } from './cache-options'
export { createExpiringSet, type ExpiringSet } from './compute/expiring-set'
export { entryOptionNames, neutralEntryOptions } from './compute/rules'
export { describeShortLife } from './compute/warn-of-seconds'
export type { Beginning, FoundValue, Place } from './contracts/beginning'
export type { Cache } from './contracts/cache'
export { type Clock, systemClock } from './contracts/clock'
export type { Compressor, Sealer, Serializer } from './contracts/codec'
export type { ComputeContext, PreviousValue } from './contracts/compute'
export type { ComputeManyContext, ComputeMissing, ManyValues } from './contracts/compute-missing'
export type {
  CacheEventName,
  CacheEvents,
  ComputeOutcome,
  FillOutcome,
  MissReason,
  SkipReason,
  UnreadableReason,
} from './contracts/events'
export type { EventSource, Following } from './contracts/following'
export type {
  EntryView,
  Explanation,
  InvalidationView,
  KeyPage,
  KeysOptions,
  KeyView,
} from './contracts/inspection'
export type { Invalidated } from './contracts/invalidated'
export {
  fingerprintBytes,
  type Lease,
  type LeaseAnswer,
  type LeaseRequest,
  type Leases,
} from './contracts/lease'
export {
  type Cursor,
  type Invalidation,
  type InvalidationLog,
  type InvalidationMode,
  type InvalidationScope,
  type LogHistory,
  type LogMessage,
  type LogPage,
  type LogRecord,
  maxPositionLead,
  maxRecordsPerPosition,
  maxTerms,
  type Reissue,
  type Reissued,
  type Term,
} from './contracts/log'
export type {
  AuditFinding,
  AuditOptions,
  AuditOutcome,
  AuditReport,
  ReadyOptions,
  WarmOptions,
  WarmProgress,
  WarmReport,
  WarmTask,
} from './contracts/operation'
export type { SchemaIssue, SchemaResult, StandardSchemaV1 } from './contracts/schema'
export type {
  MetricDefinition,
  Observe,
  Service,
  ServiceDistribution,
  ServiceReading,
  ServiceRequest,
  ServiceResource,
} from './contracts/service'
export type {
  AlertTerms,
  CheckResult,
  PanelTerms,
  QueryTerms,
  ServiceAlert,
  ServiceCheck,
  ServiceOperations,
  ServicePanel,
  ServiceReport,
  ServiceServer,
} from './contracts/service-operations'
export type { CacheStats, ReadStats } from './contracts/stats'
export type {
  LocalTier,
  OpenLocalStore,
  OpenSharedStore,
  OpenStore,
  ScanPage,
  ServerUsage,
  SharedTier,
  SharedWrite,
  Store,
  StoreContext,
  TierUsage,
} from './contracts/store'
export type { Transaction } from './contracts/transaction'
export type { Wrapped } from './contracts/wrapped'
export { type Duration, type DurationText, toMs } from './entry/duration'
export type { Entry, Freshness, LocalEntry } from './entry/entry'
export { checkTag, hashOfKey } from './entry/key'
export type { Moment } from './entry/moment'
export { noClasses, type RegisteredClasses, type ValueType } from './entry/registered-classes'
export { type TagNames, toTagNames } from './entry/tag-names'
export { LarderError, type LarderErrorCode, type LarderErrorOptions } from './errors'
export { auditOptionTable } from './methods/option-tables'
export { type LogOperationsOptions, logOperations, type OperationLogger } from './operation/log-operations'
export { type MemoryReport, type MemoryWatchOptions, watchMemory } from './operation/memory-watch'
export type {
  BeginOptions,
  Compute,
  ComputeManyOptions,
  ComputeOptions,
  EntryOptions,
  FillOptions,
  InvalidateOptions,
  LoaderOptions,
  ReadOptions,
  TagsOf,
  TransactionOptions,
  TtlOf,
  WaitOptions,
  WrapOptions,
} from './options'
export { createPolicy, type Policy, type PolicyOptions } from './resilience/policy'
export { exportMetrics } from './telemetry/export-metrics'
export type { Distribution, Instrument, Reading } from './telemetry/instrument'
export type { Logger } from './telemetry/log-events'
export { instruments } from './telemetry/metric-instruments'
export { type MetricSource, toMetricSource } from './telemetry/metric-source'
export type { MetricsApi, TelemetryOptions } from './telemetry/open-telemetry'
export { createPopularity, type Popularity, type PopularityOptions } from './telemetry/popularity'
export { type ReadKind, readKindOf, responseNames, unruledNames } from './telemetry/read-kinds'
