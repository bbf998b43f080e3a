import { Option } from 'commander'

/** Of every command that reads a config. */
export const configOption = (): Option =>
  new Option('-c, --config <file>', 'the config of the server').default('config.yaml')
