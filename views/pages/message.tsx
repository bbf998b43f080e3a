/** @jsxImportSource preact */
// A page with one message, such as an error.

import { Layout, type PageAccount } from '../layout.tsx'

export type Message = {
  readonly title: string
  readonly text: string
  /** Where to go from here. */
  readonly link?: { readonly href: string; readonly label: string }
}

export function MessagePage({ message, account }: { readonly message: Message; readonly account?: PageAccount }) {
  return (
    <Layout title={message.title} {...(account !== undefined && { account })}>
      <MessageCard message={message} />
    </Layout>
  )
}

export function MessageCard({ message: { title, text, link } }: { readonly message: Message }) {
  return (
    <section class="card message">
      <div class="card-body">
        <h1>{title}</h1>
        <p class="text-secondary">{text}</p>
        {link && (
          <a class="btn btn-primary" href={link.href}>
            {link.label}
          </a>
        )}
      </div>
    </section>
  )
}
