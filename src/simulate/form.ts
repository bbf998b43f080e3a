// A screen as the config describes it, where no Flow JSON tells what the phone shows: its fields are filled in and submitted.

import { isAnsweredElsewhere } from '../flow/definition.ts'
import { spoil, spoilAsUsual } from './mistakes.ts'
import { hereOf, type Person, type Place, scopeOf, send, type Turn } from './turn.ts'
import { fillIn } from './values.ts'

export async function submitForm(person: Person, place: Place): Promise<Turn> {
  const { flow, profile, random } = person
  const { id, data } = hereOf(place)
  const screen = flow.screens.get(id)
  const isSubmitted = screen && (screen.submission.next.length > 0 || isAnsweredElsewhere(flow, screen))
  if (!isSubmitted || screen.ends === 'completed') return { how: screen?.ends === 'completed' ? 'completed' : 'closed' }
  const today = person.today()
  const situation = { random, today, data, wishes: profile.values }
  const filled = await fillIn(screen.fields, situation, scopeOf(person, place))
  if (!filled.ok) {
    if (filled.reason === 'nothing_offered') return { how: 'left' }
    return { how: 'stuck', sentence: `${person.name} on ${id}: ${filled.message}` }
  }
  const spoilt =
    spoilAsUsual(screen.fields, filled.input, profile.mistakes, random) ??
    (random() < profile.invalid ? spoil(screen.fields, filled.input, today, random) : undefined)
  return send(person, place, {
    input: spoilt?.input ?? filled.input,
    doing: `on submitting ${spoilt ? `a bad ${spoilt.field}` : 'good data'} from ${id}`,
    isSpoilt: spoilt !== undefined,
  })
}
