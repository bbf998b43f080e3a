import { Command } from 'commander'
import { learnedYaml } from '../config/learned-yaml.ts'
import { LEARNED, readLearned } from '../flow/learned.ts'
import { configOption } from './config-option.ts'
import { noFlow } from './no-flow.ts'
import { withStoreOf } from './open-store.ts'

const HELP = `
Prints what stands below \`flows:\` in a config: the screens, the fields with the types of their values, and the funnel along the longest way.
It is learned from what passes through \`tap\` or \`forward\`, where neither config nor Flow JSON has it. Once it stands in the config, you can say more:
how a field is kept, its \`in\`, where the phone \`ends\` the flow. The numbers stay what they are.

Example:
  $ screentrail learn booking`

export function learnCommand(): Command {
  return new Command('learn')
    .description('write down as config what was learned of a flow that another server answers')
    .argument('<flow>', 'the name of the flow')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(runLearn)
}

async function runLearn(key: string, { config: file }: { readonly config: string }): Promise<void> {
  await withStoreOf(file, 'reject', async ({ store, flows }) => {
    const flow = flows.get(key)
    if (!flow) throw noFlow(key, flows.keys())
    if (!flow.isLearning)
      throw new Error(
        `nothing is learned of ${key}: ${flow.flowJson ? 'its Flow JSON has its screens' : 'its config answers'}`,
      )
    const learned = readLearned(await store.getDocument(LEARNED, key, 0))
    if (learned.screens.length === 0) throw new Error(`nothing is learned of ${key} yet; nobody has opened it so far`)
    process.stdout.write(learnedYaml(key, learned))
  })
}
