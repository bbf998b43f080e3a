// The calendar of the demo's business: an outside API that the flow asks for free times.

export type SlotsApi = { readonly url: string; stop(): Promise<void> }

/** Without a service it offers what everybody gets; to emergencies, a visit at once as well. */
export function serveSlots(isDown: () => boolean): SlotsApi {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      if (isDown()) return new Response('Down for maintenance\n', { status: 503 })
      const isEmergency = new URL(request.url).searchParams.get('service') === 'emergency'
      return Response.json(isEmergency ? [AT_ONCE, ...SLOTS] : SLOTS)
    },
  })
  return { url: `http://127.0.0.1:${server.port}/slots`, stop: () => server.stop(true) }
}

const AT_ONCE = { id: 'asap', title: 'We come now' }
const SLOTS = [
  { id: 'morning', title: '08:00 to 12:00' },
  { id: 'afternoon', title: '13:00 to 17:00' },
]
