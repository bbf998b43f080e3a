/** @jsxImportSource preact */
/** What is wrong; nothing without a text. */
export function Problem({ text }: { readonly text: string | undefined }) {
  if (!text) return null
  return (
    <div class="alert alert-danger" role="alert">
      {text}
    </div>
  )
}
