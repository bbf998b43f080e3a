import { Option } from 'commander'
import { given } from './given.ts'

/** Of every command that reads a config. */
export const configOption = (): Option =>
  new Option('-c, --config <file>', 'the config of the server')
    .default('config.yaml')
    .argParser(given('the name of a file'))
