/** The kinds of audit entries. Each group is read by itself, so that frequent kinds do not hide others. */
export const AUDIT_KINDS = {
  /** By people with an account, and by the command line. */
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
    'job_run',
    'import_events',
    'backup_made',
    'backup_restored',
    'backup_drilled',
    'export_ended',
    'person_exported',
    'person_erased',
  ],
  /** By scripts, through the API. */
  scripts: ['api_sessions', 'api_session'],
  /** By strangers. */
  strangers: ['login_failed'],
} as const

export type AuditKind = (typeof AUDIT_KINDS)[keyof typeof AUDIT_KINDS][number]
