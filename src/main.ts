#!/usr/bin/env bun
import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { accountCommand } from './cli/account.ts'
import { backupCommand } from './cli/backup.ts'
import { checkCommand } from './cli/check.ts'
import { compactCommand } from './cli/compact.ts'
import { demoCommand } from './cli/demo.ts'
import { doctorCommand } from './cli/doctor.ts'
import { drillCommand } from './cli/drill.ts'
import { exportCommand } from './cli/export.ts'
import { fail } from './cli/fail.ts'
import { flowCommand } from './cli/flow.ts'
import { importCommand } from './cli/import.ts'
import { initCommand } from './cli/init.ts'
import { jobsCommand } from './cli/jobs.ts'
import { keygenCommand } from './cli/keygen.ts'
import { learnCommand } from './cli/learn.ts'
import { personCommand } from './cli/person.ts'
import { rebuildCommand } from './cli/rebuild.ts'
import { restoreCommand } from './cli/restore.ts'
import { retentionCommand } from './cli/retention.ts'
import { serveCommand } from './cli/serve.ts'
import { simulateCommand } from './cli/simulate.ts'
import { fileReason } from './config/file-reason.ts'

const program = new Command('screentrail')
  .description('The data endpoint of your WhatsApp Flows, and the trail of every screen people walk.')
  .version(packageJson.version)
  .addCommand(initCommand())
  .addCommand(checkCommand())
  .addCommand(serveCommand())
  .addCommand(flowCommand())
  .addCommand(learnCommand())
  .addCommand(keygenCommand())
  .addCommand(simulateCommand())
  .addCommand(demoCommand())
  .addCommand(accountCommand())
  .addCommand(exportCommand())
  .addCommand(importCommand())
  .addCommand(rebuildCommand())
  .addCommand(retentionCommand())
  .addCommand(jobsCommand())
  .addCommand(personCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(drillCommand())
  .addCommand(compactCommand())
  .addCommand(doctorCommand())

// A reader that closes early, as in `… | head`, has what it wanted. A command that listens, too, tells everything else itself.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || process.stdout.listenerCount('error') > 1) return
  fail(`screentrail: cannot write to standard output: ${fileReason(error)}`)
})
process.stderr.on('error', () => {})

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`screentrail: ${(error as Error).message}\n`)
  process.exitCode = 1
}
