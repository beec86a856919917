/** The values that one participant measured in one round, by the name of the metric. */
export type Samples = Readonly<Record<string, number>>
