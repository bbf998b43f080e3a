import { isIP } from 'node:net'

/**
 * What an address counts as where clients are counted: IPv4 as it is, also when it is written inside an IPv6 one, and of any
 * other IPv6 its first 64 bits, all of which one customer has. Whatever is no address counts as it stands, cut short.
 */
export function networkOf(address: string): string {
  const host = withoutPort(address.trim())
  if (isIP(host) === 4) return host
  const groups = isIP(host) === 6 ? groupsOf(host) : undefined
  if (!groups) return address.slice(0, MAX_LENGTH)
  if (EMBEDDING.has(groups.slice(0, 6).join(':'))) return ipv4Of(groups.slice(6))
  const prefix = groups.slice(0, 4).join(':')
  return prefix === '0:0:0:0' ? groups.join(':') : `${prefix}::/64`
}

/** The longest address, and a little more. */
const MAX_LENGTH = 64

/** The prefixes under which an IPv4 address is written as an IPv6 one: mapped, translated, and NAT64. */
const EMBEDDING: ReadonlySet<string> = new Set(['0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'])

/** Some proxies write `192.0.2.1:4711`, `[2001:db8::1]:4711` or the link of the address, `fe80::1%eth0`. */
const withoutPort = (address: string): string =>
  address
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '')

/** The eight groups without leading zeros; the URL parser knows every way of writing them. */
function groupsOf(host: string): readonly string[] | undefined {
  const written = URL.parse(`http://[${host}]/`)?.hostname.slice(1, -1)
  if (written === undefined) return undefined
  const [before = [], after = []] = written.split('::').map((part) => (part === '' ? [] : part.split(':')))
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

const ipv4Of = (groups: readonly string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((number) => [number >> 8, number & 255])
    .join('.')
