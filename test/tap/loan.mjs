// Baobab Credit, who lend what was approved: see test/flows/loan/README.md. What each link has said so far is remembered here, as Meta's
// protocol says nothing of it.

const SORRY = 'We cannot do that right now. Please try again in a moment.'

/** Gives what answers a request: { screen, data }, or { status: 427, error_msg }. */
export function loanDesk(apis) {
  /** By flow token: { offer, option, term, mode, payout }. */
  const links = new Map()
  /** By flow token: the payout, done or under way. One that failed is forgotten. */
  const payouts = new Map()
  const { get, post } = clientOf(apis)

  return async ({ action, screen, data, flow_token: token = '' }) => {
    const customer = token.split('.')[0]
    if (action === 'INIT') return opened(customer, token)
    const link = links.get(token)
    if (!link) return { status: 427, error_msg: 'This offer is no longer available.' }
    if (action === 'BACK') return details(link)
    if (screen === 'LOAN') return taken(link, data)
    if (screen === 'DETAILS') return detailed(link, data)
    return confirmed(customer, token, link)
  }

  async function opened(customer, token) {
    const { status, body } = await get(`/customers/${encodeURIComponent(customer)}/offer`)
    if (status === 404) return { status: 427, error_msg: 'This offer is no longer available.' }
    if (status !== 200 || !body) return noOffer('We cannot look up your offer right now. Please try again later.')
    const [option] = body.options
    if (!option) return noOffer('There is no offer for you at the moment.')
    const link = { offer: body, option, term: option.terms.at(-1) }
    links.set(token, link)
    return loan(link)
  }

  /** Paid out once per link: whoever taps again, meanwhile or later, gets the first answer. */
  async function confirmed(customer, token, link) {
    const { option, term, payout } = link
    if (!payout) return refused(details(link), wrongNumber())
    const order = { customer, amount: option.amount, months: term.months, payout }
    const first = payouts.get(token) ?? post('/loans', order, { 'idempotency-key': token })
    payouts.set(token, first)
    const { status, body } = await first
    if (status === 201 && body)
      return { screen: 'COMPLETE', data: { reference: body.reference, pays_on: body.pays_on } }
    payouts.delete(token)
    return refused(summary(link), status === 409 ? body.message : SORRY)
  }
}

/** `status` is 0 when nothing came within two seconds, `body` undefined when it is no JSON. */
function clientOf(apis) {
  const call = async (path, init) => {
    try {
      const response = await fetch(apis + path, { ...init, signal: AbortSignal.timeout(2000) })
      const text = await response.text()
      return { status: response.status, body: parsed(text) }
    } catch {
      return { status: 0 }
    }
  }
  const headers = { 'x-api-key': 'baobab-1' }
  return {
    get: (path) => call(path, { headers }),
    post: (path, body, more) =>
      call(path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', ...more },
        body: JSON.stringify(body),
      }),
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An amount or a term was chosen, or both taken: only then `emi` comes with them. */
function taken(link, { amount, tenure, emi }) {
  const option = link.offer.options.find((each) => String(each.amount) === amount)
  if (!option) return refused(loan(link), 'Please choose one of the amounts.')
  link.option = option
  link.term = option.terms.find(({ months }) => String(months) === tenure) ?? option.terms.at(-1)
  return emi === undefined ? loan(link) : details(link)
}

function detailed(link, data) {
  if (data.payment_mode) {
    link.mode = data.payment_mode
    return details(link)
  }
  const number = link.mode === 'wallet' ? data.wallet_number : data.account_number
  const wrong = wrongNumber(link.mode, number)
  if (wrong) return refused(details(link), wrong)
  link.payout = { kind: link.mode, to: number }
  return summary(link)
}

function wrongNumber(mode, number) {
  if (!mode) return 'Choose how we should pay you.'
  if (!number) return mode === 'wallet' ? 'Enter your wallet number.' : 'Enter your account number.'
  return mode === 'wallet' && !/^\d{10}$/.test(number) ? 'A wallet number has 10 digits.' : undefined
}

const refused = ({ screen, data }, message) => ({ screen, data: { ...data, error_message: message } })

const noOffer = (message) => ({ screen: 'NO_OFFER', data: { message } })

const loan = ({ offer, option, term }) => ({
  screen: 'LOAN',
  data: {
    amount: offer.options.map(({ amount }) => ({ id: String(amount), title: money(amount) })),
    tenure: option.terms.map(({ months }) => ({ id: String(months), title: `${months} months` })),
    selected_amount: String(option.amount),
    selected_tenure: String(term.months),
    emi: money(term.instalment),
    ...conditions(offer),
  },
})

const details = ({ option, term, mode }) => ({
  screen: 'DETAILS',
  data: { ...chosen(option, term), is_wallet: mode === 'wallet', is_account: mode === 'bank' },
})

const summary = ({ offer, option, term, payout: { kind, to } }) => ({
  screen: 'SUMMARY',
  data: {
    ...chosen(option, term),
    ...conditions(offer),
    payment: `To the ${kind === 'wallet' ? 'wallet' : 'account'} ending ${to.slice(-4)}`,
  },
})

const chosen = (option, term) => ({
  amount: money(option.amount),
  tenure: `${term.months} months`,
  emi: money(term.instalment),
})

const conditions = ({ rate, fee }) => ({ rate: `${Number((rate * 100).toFixed(2))} % a year`, fee: money(fee) })

const money = (amount) => `K ${amount.toLocaleString('en-US')}`
