// The values of each field type, as Meta's components submit them.
// https://developers.facebook.com/docs/whatsapp/flows/reference/components

import { isObject, type Json } from '../lib/json.ts'
import type { FieldType } from './schema.ts'

export function hasType(value: Json, type: FieldType): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'phone':
      return typeof value === 'string' && PHONE.test(value)
    case 'email':
      return typeof value === 'string' && value.length <= 254 && EMAIL.test(value)
    case 'number':
      return numberOf(value) !== undefined
    case 'boolean':
      return typeof value === 'boolean'
    case 'date':
      return dayInValue(value) !== undefined
    case 'date_range':
      return (
        isRange(value) && dayInValue(value['start-date']) !== undefined && dayInValue(value['end-date']) !== undefined
      )
    case 'choice':
      return typeof value === 'string' || typeof value === 'number'
    case 'choices':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number')
    case 'files':
      return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)
  }
}

/** People choose among given values. */
export const isClosedChoice = (type: FieldType): boolean =>
  type === 'choice' || type === 'choices' || type === 'boolean'

/** A number, or a number as text, as TextInput submits it. */
export function numberOf(value: Json | undefined): number | undefined {
  const isWritten = typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value)
  const number = isWritten ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** The day as `YYYY-MM-DD`. Flow JSON before 5.0 sends milliseconds since the epoch as text instead. */
export function dayInValue(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined
  const day = /^\d{10,14}$/.test(value) ? isoDay(Number(value)) : value
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && isoDay(Date.parse(`${day}T00:00:00Z`)) === day ? day : undefined
}

/** The first and last day of a CalendarPicker range. */
export const isRange = (value: Json): value is { 'start-date': Json; 'end-date': Json } =>
  isObject(value) && 'start-date' in value && 'end-date' in value

/** Milliseconds since the epoch → the day in UTC; empty when there is no such day. */
export function isoDay(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10)
}

const PHONE = /^\+?\(?\d[\d\s().-]{3,30}$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/
