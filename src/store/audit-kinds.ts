/** What the audit log tells of. Each group is read by itself, so that what there is much of hides nothing. */
export const AUDIT_KINDS = {
  /** What people with an account, and the command line, did. */
  people: [
    'setup',
    'login',
    'logout',
    'logout_everywhere',
    'password_changed',
    'password_chosen',
    'password_reset',
    'account_added',
    'account_removed',
    'export_sessions',
    'export_events',
  ],
  /** What scripts read through the API. */
  scripts: ['api_sessions', 'api_session'],
  /** What strangers tried. */
  strangers: ['login_failed'],
} as const

export type AuditKind = (typeof AUDIT_KINDS)[keyof typeof AUDIT_KINDS][number]
