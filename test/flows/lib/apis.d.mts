export class Apis {
  calls: readonly { readonly method: string; readonly path: string; readonly headers: Record<string, string> }[]
  load(spec: object): void
  listen(port: number): Promise<number>
  close(): void
}
