export class Apis {
  load(spec: object): void
  listen(port: number): Promise<number>
  close(): void
}
