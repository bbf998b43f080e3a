import { InvalidArgumentError, Option } from 'commander'

/** Of every command that reads a config. */
export const configOption = (): Option =>
  new Option('-c, --config <file>', 'the config of the server').default('config.yaml').argParser((file: string) => {
    if (file === '') throw new InvalidArgumentError('Expected the name of a file.')
    return file
  })
