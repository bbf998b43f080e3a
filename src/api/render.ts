// Turns a report into what goes over the wire: instants become ISO 8601, and all else stays as it is.

import { z } from 'zod'
import { instant, iso } from '../lib/shapes.ts'

/**
 * Built once from the shape. It visits only what holds instants, and of such an object it tells only what the shape has. `z.encode`
 * also checks and copies all the rest, which takes two to ten times as long.
 */
export const rendererOf = <S extends z.ZodType>(shape: S) =>
  (renderInstants(shape) ?? ((report) => report)) as (report: z.output<S>) => z.input<S>

type Render = (value: unknown) => unknown
type Fields = { [name: string]: unknown }

/** Undefined where there are no instants. */
function renderInstants(shape: unknown): Render | undefined {
  if (shape === instant) return iso as Render
  if (shape instanceof z.ZodReadonly || shape instanceof z.ZodNullable || shape instanceof z.ZodExactOptional)
    return renderInstants(shape.unwrap())
  if (shape instanceof z.ZodArray) {
    const render = renderInstants(shape.element)
    return render && ((items) => (items as readonly unknown[]).map(render))
  }
  if (!(shape instanceof z.ZodObject)) return undefined
  const renders = new Map(Object.entries(shape.shape).map(([name, field]) => [name, renderInstants(field)]))
  if ([...renders.values()].every((render) => render === undefined)) return undefined
  return (report) => {
    const rendered: Fields = {}
    for (const name in report as Fields) {
      if (!renders.has(name)) continue
      const render = renders.get(name)
      const value = (report as Fields)[name]
      rendered[name] = render && value !== null ? render(value) : value
    }
    return rendered
  }
}
