import type { Cache } from '@larder/core'
import type { Query } from './database'

/** A city with its region, country and nearest neighbours. */
interface CityPage {
  readonly id: number
  readonly name: string
  readonly region: string | null
  readonly country: string
  readonly continent: string
  readonly votes: number
  readonly stars: number
  readonly nearby: readonly Neighbour[]
}

interface Neighbour {
  readonly id: number
  readonly name: string
  readonly lat: number
  readonly lng: number
  readonly distance: number
}

/** Totals of a region, and its cities with the most votes. */
interface RegionSummary {
  readonly code: string
  readonly cities: number
  readonly votes: number
  readonly best: readonly { readonly name: string; readonly votes: number }[]
}

/** The operations of the city guide. */
export interface Guide {
  city(id: number): Promise<CityPage>
  region(code: string): Promise<RegionSummary>
  country(code: string): Promise<{ readonly code: string; readonly votes: number; readonly regions: number }>
  /** Votes for a city. Resolves to its new number of votes, once every cached page that shows them is invalidated. */
  vote(
    id: number,
    stars: number,
  ): Promise<{ readonly votes: number; readonly region: string | null; readonly country: string }>
}

/** The data access of a city guide: plain functions over SQL, with joins and aggregates. */
export function guideOn(query: Query): Guide {
  return {
    async city(id) {
      const [city] = await query<Omit<CityPage, 'nearby'>>(
        `SELECT c.id, c.name, c.region, c.country, o.continent, c.votes, c.stars
           FROM cities c JOIN countries o ON o.code = c.country LEFT JOIN regions r ON r.code = c.region WHERE c.id = $1`,
        [id],
      )
      if (city === undefined) throw new Error(`There is no city ${id}.`)
      const nearby = await query<Neighbour>(
        `SELECT n.id, n.name, n.lat, n.lng, sqrt((n.lat - c.lat) ^ 2 + (n.lng - c.lng) ^ 2) AS distance
           FROM cities c JOIN cities n ON n.region = c.region AND n.id <> c.id
          WHERE c.id = $1 ORDER BY distance LIMIT 20`,
        [id],
      )
      return { ...city, nearby }
    },
    async region(code) {
      const [sums] = await query<{ cities: number; votes: number }>(
        'SELECT count(*)::int AS cities, coalesce(sum(votes), 0)::int AS votes FROM cities WHERE region = $1',
        [code],
      )
      const best = await query<{ name: string; votes: number }>(
        'SELECT name, votes FROM cities WHERE region = $1 ORDER BY votes DESC, id LIMIT 10',
        [code],
      )
      return { code, cities: sums?.cities ?? 0, votes: sums?.votes ?? 0, best }
    },
    async country(code) {
      const [sums] = await query<{ votes: number; regions: number }>(
        `SELECT coalesce(sum(c.votes), 0)::int AS votes, count(DISTINCT r.code)::int AS regions
           FROM cities c LEFT JOIN regions r ON r.code = c.region WHERE c.country = $1`,
        [code],
      )
      return { code, votes: sums?.votes ?? 0, regions: sums?.regions ?? 0 }
    },
    async vote(id, stars) {
      const [city] = await query<{ votes: number; region: string | null; country: string }>(
        'UPDATE cities SET votes = votes + 1, stars = stars + $2 WHERE id = $1 RETURNING votes, region, country',
        [id, stars],
      )
      if (city === undefined) throw new Error(`There is no city ${id}.`)
      return city
    },
  }
}

/** The same guide with a cache: each read is wrapped, and a vote invalidates exactly the pages that show it. */
export function cachedGuide(cache: Cache, guide: Guide): Guide {
  return {
    city: cache.wrap(guide.city, { name: 'city', tags: ([id]) => [`city:${id}`] }),
    region: cache.wrap(guide.region, { name: 'region', tags: ([code]) => [`region:${code}`] }),
    country: cache.wrap(guide.country, { name: 'country', tags: ([code]) => [`country:${code}`] }),
    vote: cache.wrapWrite(guide.vote, ([id], city) => [
      `city:${id}`,
      `region:${city?.region}`,
      `country:${city?.country}`,
    ]),
  }
}
