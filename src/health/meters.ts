import { Counter, Gauge, type Registry } from 'prom-client'

/** Makes meters in the registry. `prefix`: of their names. */
export function metersIn(registry: Registry, prefix = 'screentrail_') {
  const registers = [registry]
  return {
    counter: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Counter({ name: `${prefix}${name}_total`, help, labelNames, registers }),

    gauge: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Gauge({ name: `${prefix}${name}`, help, labelNames, registers }),

    /** A gauge that asks for its value at each scrape. */
    measured: (name: string, help: string, value: () => number) =>
      new Gauge({
        name: `${prefix}${name}`,
        help,
        registers,
        collect() {
          this.set(value())
        },
      }),
  }
}
