// What a business has behind its endpoint: the APIs of the flow `loan`, a server that answers it in plain JSON, and an API that is slow.

const offer = { rate: 0.09, fee: 500, options: [{ amount: 320000, terms: [{ months: 24, instalment: 14600 }] }] }
const next: { readonly [screen: string]: string } = {
  '': 'LOAN',
  LOAN: 'DETAILS',
  DETAILS: 'SUMMARY',
  SUMMARY: 'COMPLETE',
}
const data = { amount: 'K 320,000', tenure: '24 months', emi: 'K 14,600', rate: '9 % a year', fee: 'K 500' }

const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/flow') {
      const { screen } = (await request.json()) as { screen: string }
      return Response.json({ screen: next[screen] ?? 'LOAN', data })
    }
    if (pathname === '/slow') await Bun.sleep(50)
    if (pathname === '/loans') return Response.json({ reference: 'BC-88', pays_on: '2031-02-01' }, { status: 201 })
    return Response.json(offer)
  },
})
console.log(server.port)
