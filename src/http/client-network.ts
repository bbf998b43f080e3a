import { isIP } from 'node:net'

/** The key for counting clients: an IPv4 address, also inside IPv6, else the /64 network, which one customer has. Other text, cut short. */
export function networkOf(address: string): string {
  const host = withoutPort(address.trim())
  if (isIP(host) === 4) return host
  const groups = isIP(host) === 6 ? groupsOf(host) : undefined
  if (!groups) return address.slice(0, MAX_LENGTH)
  if (EMBEDDING.has(groups.slice(0, 6).join(':'))) return ipv4Of(groups.slice(6))
  const prefix = groups.slice(0, 4).join(':')
  return prefix === '0:0:0:0' ? groups.join(':') : `${prefix}::/64`
}

const MAX_LENGTH = 64

/** IPv6 prefixes of IPv4 addresses: mapped, translated, NAT64. */
const EMBEDDING: ReadonlySet<string> = new Set(['0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'])

/** Some proxies write `192.0.2.1:4711`, `[2001:db8::1]:4711` or a zone, `fe80::1%eth0`. */
const withoutPort = (address: string): string =>
  address
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '')

/** The eight groups without leading zeros. The URL parser knows every notation. */
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
